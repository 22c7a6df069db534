// How things stand, in the title and the icon of the browser's tab.
import { useEffect } from "react";
import { useConnection, useSummary } from "@/api/queries";
import { documentTitle, iconPath, type Standing as Stand } from "@/lib/mood";

export function Standing({ page = null }: { page?: string | null }) {
  const { data } = useSummary();
  const lost = useConnection() === "lost";
  const standing: Stand = { mood: data?.mood ?? null, trouble: data?.miners.trouble ?? 0, lost };
  const icon = iconPath(standing);
  useEffect(() => {
    document.querySelector<HTMLLinkElement>('link[rel="icon"]')?.setAttribute("href", icon);
  }, [icon]);
  return <title>{documentTitle(standing, page)}</title>;
}

import { Standing } from "@/features/monitor/Standing";
import { text } from "@/lib/texts";
import { EmptyState } from "@/ui/EmptyState";
import { LinkButton } from "@/ui/LinkButton";

export default function NotFoundPage() {
  return (
    <>
      <Standing page={text("app.notFound.title")} />
      <EmptyState
        mood="empty"
        title={text("app.notFound.title")}
        actions={<LinkButton to="/">{text("app.home")}</LinkButton>}
      >
        {text("app.notFound.text")}
      </EmptyState>
    </>
  );
}

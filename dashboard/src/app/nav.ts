// The ways to the places of the page, as they stand in its head.
import type { TextKey } from "@/lib/texts";
import type { IconName } from "@/ui/Icon";

export interface Place {
  to: string;
  title: TextKey;
  icon: IconName;
  /** Beside it stands how many alerts are open. */
  countsAlerts?: boolean;
  /** Every page below it belongs to it too. */
  isHere: (pathname: string) => boolean;
}

const below =
  (start: string) =>
  (pathname: string): boolean =>
    pathname === start || pathname.startsWith(`${start}/`);

export const PLACES: readonly Place[] = [
  {
    to: "/",
    title: "nav.miners",
    icon: "cards",
    isHere: (pathname) => pathname === "/" || below("/miners")(pathname),
  },
  {
    to: "/alerts",
    title: "nav.alerts",
    icon: "bell",
    countsAlerts: true,
    isHere: below("/alerts"),
  },
  { to: "/learn", title: "nav.learn", icon: "book", isHere: below("/learn") },
  { to: "/wall", title: "nav.wall", icon: "screen", isHere: below("/wall") },
  { to: "/settings", title: "nav.settings", icon: "gear", isHere: below("/settings") },
];

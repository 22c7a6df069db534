// What goes on beside the page and can wait until it is drawn.
import type { QueryClient } from "@tanstack/react-query";
import { startLastKnown } from "./last_known";
import { startVisits } from "./visits";

export function startLater(queries: QueryClient): void {
  startLastKnown(queries);
  startVisits(queries);
}

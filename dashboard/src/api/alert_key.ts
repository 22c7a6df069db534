// What everything about alerts is kept under, so that one event makes it all fresh. Apart from
// api/alerts.ts, which the home page does not need.
import type { QueryClient } from "@tanstack/react-query";

export const alertKey = (...rest: unknown[]): unknown[] => ["alerts", ...rest];

export function refreshAlerts(queries: QueryClient): void {
  void queries.invalidateQueries({ queryKey: alertKey() });
}

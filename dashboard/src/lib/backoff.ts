/** How long to wait before try number `attempt` (from 0): 1, 2, 4, 8, then 15 seconds. */
export function backoff_ms(attempt: number): number {
  return Math.min(15_000, 1000 * 2 ** Math.min(attempt, 4));
}

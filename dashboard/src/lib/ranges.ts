// The time ranges a chart offers, as they stand in the URL.

export const RANGES = ["1h", "6h", "24h", "7d", "30d", "1y", "all"] as const;
export type Range = (typeof RANGES)[number];

export const DEFAULT_RANGE: Range = "6h";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** "all" is as long as the miner is watched, which the caller knows. */
const RANGE_MS: Record<Exclude<Range, "all">, number> = {
  "1h": HOUR_MS,
  "6h": 6 * HOUR_MS,
  "24h": DAY_MS,
  "7d": 7 * DAY_MS,
  "30d": 30 * DAY_MS,
  "1y": 365 * DAY_MS,
};

/** How long a range is; `all_ms` is what "all" means here. */
export function rangeLength_ms(range: Range, all_ms: number): number {
  return range === "all" ? Math.max(all_ms, HOUR_MS) : RANGE_MS[range];
}

/** How often the chart asks again: about one new point on a phone's width. */
export const RANGE_REFRESH_MS: Record<Range, number> = {
  "1h": 10_000,
  "6h": 30_000,
  "24h": MINUTE_MS,
  "7d": 5 * MINUTE_MS,
  "30d": 10 * MINUTE_MS,
  "1y": HOUR_MS,
  all: HOUR_MS,
};

export function parseRange(value: string | null): Range {
  return RANGES.find((range) => range === value) ?? DEFAULT_RANGE;
}

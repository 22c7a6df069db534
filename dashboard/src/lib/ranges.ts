// The time ranges a chart offers, as they stand in the URL.

export const RANGES = ["1h", "6h", "24h"] as const;
export type Range = (typeof RANGES)[number];

export const DEFAULT_RANGE: Range = "6h";

export const RANGE_MS: Record<Range, number> = {
  "1h": 3_600_000,
  "6h": 6 * 3_600_000,
  "24h": 24 * 3_600_000,
};

/** How often the chart asks again: about one new point on a phone's width. */
export const RANGE_REFRESH_MS: Record<Range, number> = {
  "1h": 10_000,
  "6h": 30_000,
  "24h": 60_000,
};

export function parseRange(value: string | null): Range {
  return RANGES.find((range) => range === value) ?? DEFAULT_RANGE;
}

// History as it comes (columns) turned into what a chart draws. A gap stays a gap.

export interface Columns {
  columns: readonly string[];
  data: readonly (readonly (number | null)[])[];
}

export interface Series {
  /** Seconds since 1970, ascending. */
  times_s: number[];
  /** By metric name, each as long as times_s. */
  values: Record<string, (number | null)[]>;
}

/** A hole this many times longer than the usual step is drawn as one. */
const GAP_STEPS = 4;
/** Reduced charts have uneven steps; below this a hole is never drawn, in seconds. */
const GAP_LEAST_S = 45;

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

/** Points after which nothing was recorded for a while: the chart's line must break there. */
function gapsAfter(times_s: readonly number[]): Set<number> {
  const steps = times_s.slice(1).map((time, i) => time - (times_s[i] ?? time));
  const least = Math.max(GAP_LEAST_S, median(steps) * GAP_STEPS);
  return new Set(steps.flatMap((step, i) => (step > least ? [i] : [])));
}

export function toSeries(input: Columns, wanted: readonly string[]): Series {
  const times_ms = input.data[input.columns.indexOf("at_ms")] ?? [];
  const known_s = times_ms.map((at) => (at ?? 0) / 1000);
  const gaps = gapsAfter(known_s);
  const spread = <T>(column: readonly T[], filler: (index: number) => T): T[] =>
    column.flatMap((value, i) => (gaps.has(i) ? [value, filler(i)] : [value]));
  const values: Series["values"] = {};
  for (const name of wanted) {
    const column = input.data[input.columns.indexOf(name)] ?? known_s.map(() => null);
    values[name] = spread(column, () => null);
  }
  return { times_s: spread(known_s, (i) => (known_s[i] ?? 0) + 1), values };
}

export interface Spread {
  min: number;
  max: number;
  last: number | null;
}

/** Lowest, highest and last of what is known; null when nothing is. */
export function spreadOf(values: readonly (number | null)[]): Spread | null {
  let spread: Spread | null = null;
  for (const value of values) {
    if (value === null) continue;
    spread = spread
      ? { min: Math.min(spread.min, value), max: Math.max(spread.max, value), last: value }
      : { min: value, max: value, last: value };
  }
  if (spread) spread.last = values.at(-1) ?? null;
  return spread;
}

/** The chart's vertical range: all values and limits with some air, from zero when asked. */
export function verticalRange(
  columns: readonly (readonly (number | null)[])[],
  limits: readonly number[],
  fromZero: boolean,
): [number, number] {
  let low = fromZero ? 0 : Infinity;
  let high = -Infinity;
  for (const column of [...columns, limits]) {
    for (const value of column) {
      if (value === null) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  if (high === -Infinity) return [0, 1];
  const air = Math.max((high - low) * 0.12, Math.abs(high) * 0.02, 0.5);
  return [fromZero ? low : low - air, high + air];
}

/** A chart is never narrower than this, in milliseconds: a few points need some room. */
const WINDOW_LEAST_MS = 3 * 60_000;

/**
 * The time a chart shows, in seconds since 1970: the whole range, or only since the first
 * reading while the history is younger than that, so that a new miner's chart is no empty
 * sheet with a speck on its right edge.
 */
export function windowOf(
  times_s: readonly number[],
  to_ms: number,
  range_ms: number,
): [number, number] {
  const begin_ms = to_ms - range_ms;
  const first_ms = (times_s[0] ?? 0) * 1000;
  // Only a history that begins well inside the range is young.
  const young = first_ms > begin_ms + range_ms * 0.05;
  const from_ms = young ? Math.min(first_ms, to_ms - WINDOW_LEAST_MS) : begin_ms;
  return [from_ms / 1000, to_ms / 1000];
}

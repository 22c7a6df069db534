// History as it comes (columns) turned into what charts draw. A gap stays a gap: the monitor
// puts a point of nulls into each.

export interface Columns {
  columns: readonly string[];
  data: readonly (readonly (number | null)[])[];
}

/** null breaks a line; undefined only says that this line has no point at that time. */
export type Value = number | null | undefined;

export interface Series {
  /** Seconds since 1970, ascending. */
  times_s: number[];
  /** By metric name, each as long as times_s. */
  values: Record<string, Value[]>;
}

export function toSeries(input: Columns, wanted: readonly string[]): Series {
  const times_s = (input.data[input.columns.indexOf("at_ms")] ?? []).map((at) => (at ?? 0) / 1000);
  const values: Series["values"] = {};
  for (const name of wanted) {
    const column = input.data[input.columns.indexOf(name)];
    values[name] = column ? [...column] : times_s.map(() => null);
  }
  return { times_s, values };
}

/**
 * Several series on one axis of time. Each keeps its own points and its own breaks; the values
 * of the series at `index` are called "name@index".
 */
export function joinSeries(series: readonly Series[]): Series {
  const times_s = [...new Set(series.flatMap((one) => one.times_s))].sort((a, b) => a - b);
  const place = new Map(times_s.map((time, i) => [time, i]));
  const values: Series["values"] = {};
  series.forEach((one, index) => {
    for (const [name, column] of Object.entries(one.values)) {
      const wide = new Array<Value>(times_s.length).fill(undefined);
      one.times_s.forEach((time, i) => (wide[place.get(time) ?? 0] = column[i]));
      values[`${name}@${index}`] = wide;
    }
  });
  return { times_s, values };
}

/** The value under the crosshair: the newest known one at or before that place. */
export function valueAt(values: readonly Value[], index: number): number | null {
  for (let i = Math.min(index, values.length - 1); i >= 0; i--) {
    const value = values[i];
    if (value !== undefined) return value;
  }
  return null;
}

export interface Spread {
  min: number;
  max: number;
  last: number | null;
}

/** Lowest, highest and last of what is known; null when nothing is. */
export function spreadOf(values: readonly Value[]): Spread | null {
  let spread: Spread | null = null;
  for (const value of values) {
    if (value == null) continue;
    spread = spread
      ? { min: Math.min(spread.min, value), max: Math.max(spread.max, value), last: value }
      : { min: value, max: value, last: value };
  }
  if (spread) spread.last = valueAt(values, values.length - 1);
  return spread;
}

/** The chart's vertical range: all values and limits with some air, from zero when asked. */
export function verticalRange(
  columns: readonly (readonly Value[])[],
  limits: readonly number[],
  fromZero: boolean,
): [number, number] {
  let low = fromZero ? 0 : Infinity;
  let high = -Infinity;
  for (const column of [...columns, limits]) {
    for (const value of column) {
      if (value == null) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  if (high === -Infinity) return [0, 1];
  const air = Math.max((high - low) * 0.12, Math.abs(high) * 0.02, 0.5);
  return [fromZero ? low : low - air, high + air];
}

/** Steps that a counter is summed over: a share every few seconds says nothing one by one. */
const COUNT_STEPS = 96;
const HOUR_S = 3600;

/**
 * A counter (which falls to zero when the miner restarts) as its growth an hour, in even steps
 * over what is there. A step without readings is unknown.
 */
export function ratePerHour(times_s: readonly number[], counter: readonly Value[]): Value[] {
  const first = times_s[0] ?? 0;
  const step = ((times_s.at(-1) ?? first) - first) / COUNT_STEPS || 1;
  const grown = new Map<number, number>();
  let before: number | null = null;
  counter.forEach((value, i) => {
    if (value == null) return;
    const bucket = Math.floor(((times_s[i] ?? 0) - first) / step);
    const more = before === null ? 0 : value >= before ? value - before : value;
    grown.set(bucket, (grown.get(bucket) ?? 0) + more);
    before = value;
  });
  return counter.map((value, i) => {
    if (value === null) return null;
    const sum = grown.get(Math.floor(((times_s[i] ?? 0) - first) / step));
    return sum === undefined ? undefined : (sum / step) * HOUR_S;
  });
}

/** Steps that efficiency is averaged over: two noisy figures divided are noisier still. */
const EFFICIENCY_STEPS = 240;

/**
 * J/TH, from power and hashrate averaged over even steps. Reduced history holds the lowest and
 * the highest of each figure, which are not of one moment: only their averages go together.
 */
export function efficiencyOf(
  times_s: readonly number[],
  power_w: readonly Value[],
  hashrate_ghs: readonly Value[],
): Value[] {
  const first = times_s[0] ?? 0;
  const step = ((times_s.at(-1) ?? first) - first) / EFFICIENCY_STEPS || 1;
  const bucketOf = (i: number): number => Math.floor(((times_s[i] ?? 0) - first) / step);
  const sums = new Map<number, { watts: number; rate: number }>();
  power_w.forEach((watts, i) => {
    const rate = hashrate_ghs[i];
    if (watts == null || rate == null) return;
    const sum = sums.get(bucketOf(i)) ?? { watts: 0, rate: 0 };
    sums.set(bucketOf(i), { watts: sum.watts + watts, rate: sum.rate + rate });
  });
  return power_w.map((watts, i) => {
    if (watts == null) return watts;
    const sum = sums.get(bucketOf(i));
    return sum && sum.rate > 0 ? (sum.watts / sum.rate) * 1000 : null;
  });
}

/** A chart is never narrower than this, in milliseconds: a few points need some room. */
const WINDOW_LEAST_MS = 3 * 60_000;

/**
 * The time a live chart shows, in seconds since 1970: the whole range, or only since the first
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

// A temperature against the limits of its board.
import type { Tone } from "./attention";

/** Where the scale of the little bars begins: room temperature on a warm day. */
const SCALE_START_C = 25;

/** Used for the bar's length only when a board's own limit is not known. */
const SCALE_END_C = 100;

export interface Gauge {
  tone: Tone;
  /** 0 to 1 of the bar; null when the value is unknown. */
  fill: number | null;
  /** Where on the bar the warning begins, 0 to 1; null when not known. */
  mark: number | null;
}

const clamp = (value: number): number => Math.min(1, Math.max(0, value));

export function temperatureGauge(
  celsius: number | null,
  warn: number | null,
  trip: number | null,
): Gauge {
  const end = trip ?? (warn === null ? SCALE_END_C : warn + 10);
  const place = (value: number): number => clamp((value - SCALE_START_C) / (end - SCALE_START_C));
  const mark = warn === null ? null : place(warn);
  if (celsius === null) return { tone: "calm", fill: null, mark };
  let tone: Tone = "good";
  if (trip !== null && celsius >= trip) tone = "bad";
  else if (warn !== null && celsius >= warn) tone = "warn";
  return { tone, fill: place(celsius), mark };
}

/** Hashrate as part of what is expected, for the bar: full at the expected value. */
export function hashrateFill(ghs: number | null, expected: number | null): number | null {
  if (ghs === null || expected === null || expected <= 0) return null;
  return clamp(ghs / expected);
}

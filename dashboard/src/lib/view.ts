// Which stretch of time the charts show: the last hours, moving on with the clock, or a fixed
// stretch that somebody zoomed to. It stands in the URL, so that it can be sent to somebody.
import { parseRange, type Range } from "./ranges";

/** Milliseconds since 1970; `from_ms` < `to_ms`. */
export interface Stretch {
  from_ms: number;
  to_ms: number;
}

export type View = { kind: "live"; range: Range } | ({ kind: "fixed" } & Stretch);

/** Nothing is drawn narrower: a miner is read every few seconds only. */
export const SHORTEST_MS = 60_000;

/** `fallback` is what is shown while the URL says nothing. */
export function parseView(params: URLSearchParams, fallback: View | null = null): View {
  const from_ms = Number(params.get("from") ?? Number.NaN);
  const to_ms = Number(params.get("to") ?? Number.NaN);
  const isStretch = Number.isSafeInteger(from_ms) && Number.isSafeInteger(to_ms) && from_ms > 0;
  if (isStretch && to_ms - from_ms >= SHORTEST_MS) return { kind: "fixed", from_ms, to_ms };
  if (fallback && !params.has("range")) return fallback;
  return { kind: "live", range: parseRange(params.get("range")) };
}

/** The same parameters with another view in them. */
export function withView(params: URLSearchParams, view: View): URLSearchParams {
  const next = new URLSearchParams(params);
  for (const name of ["from", "to", "range"]) next.delete(name);
  if (view.kind === "live") {
    next.set("range", view.range);
  } else {
    next.set("from", String(Math.round(view.from_ms)));
    next.set("to", String(Math.round(view.to_ms)));
  }
  return next;
}

/** Keeps a stretch inside what there can be: no shorter than a minute, nothing of the future. */
export function bounded(stretch: Stretch, outer: Stretch): Stretch {
  const longest = Math.max(SHORTEST_MS, outer.to_ms - outer.from_ms);
  const length = Math.min(Math.max(stretch.to_ms - stretch.from_ms, SHORTEST_MS), longest);
  const middle = (stretch.from_ms + stretch.to_ms) / 2;
  let from_ms = middle - length / 2;
  if (from_ms + length > outer.to_ms) from_ms = outer.to_ms - length;
  if (from_ms < outer.from_ms) from_ms = outer.from_ms;
  const whole_ms = Math.round(from_ms);
  return { from_ms: whole_ms, to_ms: whole_ms + Math.round(length) };
}

/** `factor` below 1 shows less. What lies at `at_ms` stays where it is. */
export function zoomed(stretch: Stretch, factor: number, at_ms: number): Stretch {
  return {
    from_ms: at_ms - (at_ms - stretch.from_ms) * factor,
    to_ms: at_ms + (stretch.to_ms - at_ms) * factor,
  };
}

/** `share` of its own length, later when positive. */
export function panned(stretch: Stretch, share: number): Stretch {
  const by_ms = (stretch.to_ms - stretch.from_ms) * share;
  return { from_ms: stretch.from_ms + by_ms, to_ms: stretch.to_ms + by_ms };
}

/** What to fetch for a stretch: half as much again on both sides, so that moving shows at once. */
export function padded(stretch: Stretch, outer: Stretch): Stretch {
  const by_ms = (stretch.to_ms - stretch.from_ms) / 2;
  return {
    from_ms: Math.max(outer.from_ms, Math.round(stretch.from_ms - by_ms)),
    to_ms: Math.min(outer.to_ms, Math.round(stretch.to_ms + by_ms)),
  };
}

// What a change of a rule would have done to the last weeks, in words. Pure.
import type { PreviewEpisode, RuleChange, RulePreview } from "@/api/types";
import { duration } from "@/lib/time";
import { text } from "./texts";
import { withUnit } from "./words";

export const PREVIEW_DAYS = 30;
const DAY_MS = 86_400_000;

/** What of a change decides when the rule fires, as the API is asked for it. */
export type Tried = { kind: "nothing" } | { kind: "usual" } | { kind: "values"; query: string };

/** `usual`: back to what fits each miner, which the API cannot be asked for. */
export function triedOf({ limit, hold_s }: RuleChange): Tried {
  if (limit === undefined && hold_s === undefined) return { kind: "nothing" };
  if (limit === null || hold_s === null) return { kind: "usual" };
  const query = new URLSearchParams();
  if (limit !== undefined) query.set("limit", String(limit));
  if (hold_s !== undefined) query.set("hold_s", String(hold_s));
  return { kind: "values", query: query.toString() };
}

/** "In the last 30 days"; less when there was too much to look through. */
function period({ shortened, from, to }: RulePreview): string {
  if (!shortened) return text("rules.preview.days", { count: PREVIEW_DAYS });
  const span_ms = Date.parse(to) - Date.parse(from);
  const count = Math.floor(span_ms / DAY_MS);
  if (count >= 2) return text("rules.preview.days", { count });
  return text("rules.preview.span", { span: duration(span_ms / 1000) });
}

/** "In the last 30 days this would have fired 2 times (now: 5)." */
export function verdict(tried: RulePreview, now: RulePreview): string {
  if (tried.samples === 0) return text("rules.preview.empty");
  const values = { period: period(tried), now: now.count };
  return tried.count === 0
    ? text("rules.preview.never", values)
    : text("rules.preview.fired", { ...values, count: tried.count });
}

export const newestFirst = (episodes: readonly PreviewEpisode[]): PreviewEpisode[] =>
  [...episodes].sort((a, b) => Date.parse(b.from) - Date.parse(a.from));

/** "12 min, at worst 73.1 °C". */
export function course({ from, to, worst }: PreviewEpisode, unit: string): string {
  const span =
    to === null
      ? text("rules.preview.lasting")
      : duration((Date.parse(to) - Date.parse(from)) / 1000);
  if (worst === null || unit === "") return span;
  return `${span}, ${text("alerts.worst", { worst: withUnit(worst, unit) })}`;
}

const BESIDE_MS = 3_600_000;

/** The chart around it: an hour before and after. */
export function chartAddress({ miner_id, from, to }: PreviewEpisode, now_ms: number): string {
  const begin_ms = Date.parse(from) - BESIDE_MS;
  const end_ms = to === null ? now_ms : Math.min(now_ms, Date.parse(to) + BESIDE_MS);
  return `/miners/${miner_id}?from=${begin_ms}&to=${end_ms}`;
}

// Times without figures, and what they mean in words. Pure.
import type { Gap } from "@/api/types";
import { findText } from "./texts";
import type { Stretch } from "@/lib/view";

/** The first reading may come some polls after the miner was added. */
const SLACK_MS = 60_000;

/** What lies before the miner was watched is no gap in its history. */
export function gapsSince(gaps: readonly Gap[], begin_ms: number): Gap[] {
  return gaps.filter((gap) => Date.parse(gap.to) > begin_ms + SLACK_MS);
}

export function gapAreas(gaps: readonly Gap[]): { from_s: number; to_s: number }[] {
  return gaps.map((gap) => ({
    from_s: Date.parse(gap.from) / 1000,
    to_s: Date.parse(gap.to) / 1000,
  }));
}

/** A sentence for each kind of gap that is in sight. */
export function gapKinds(gaps: readonly Gap[], shown: Stretch): string[] {
  const inSight = gaps.filter(
    (gap) => Date.parse(gap.to) > shown.from_ms && Date.parse(gap.from) < shown.to_ms,
  );
  const kinds = new Set(inSight.map((gap) => gap.kind));
  return [...kinds].flatMap((kind) => findText(`history.gap.${kind}`) ?? []);
}

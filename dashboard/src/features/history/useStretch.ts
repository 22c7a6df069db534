// The stretch of time that the charts show. It stands in the URL; while a finger or the wheel
// moves it, only the page knows, and the URL follows when the movement rests.
import { useEffect, useMemo, useRef, useState } from "react";
import { useSearchParams } from "wouter";
import { DEFAULT_RANGE, type Range } from "@/lib/ranges";
import { bounded, parseView, withView, type Stretch, type View } from "@/lib/view";

const REST_MS = 220;
/** However young the history is, an hour can be shown. */
const OUTER_LEAST_MS = 3_600_000;

export interface StretchState {
  view: View;
  /** Where a gesture has moved to; null when nothing moves. */
  moving: Stretch | null;
  choose: (range: Range) => void;
  move: (wanted: Stretch) => void;
  /** Back to the range that moves with the clock. */
  reset: () => void;
}

const liveAgain = (range: Range | null): View => ({ kind: "live", range: range ?? DEFAULT_RANGE });

/** `around` is what is shown while the URL says nothing; null: the last hours. */
export function useStretch(begin_ms: number, around: Stretch | null = null): StretchState {
  const [params, setParams] = useSearchParams();
  const [moving, setMoving] = useState<Stretch | null>(null);
  const rest = useRef<ReturnType<typeof setTimeout>>(undefined);
  const query = params.toString();
  const { from_ms = null, to_ms = null } = around ?? {};
  const view = useMemo(() => {
    const fixed: View | null =
      from_ms === null || to_ms === null ? null : { kind: "fixed", from_ms, to_ms };
    return parseView(new URLSearchParams(query), fixed);
  }, [query, from_ms, to_ms]);
  // What a reset goes back to.
  const lastRange = useRef<Range | null>(null);
  useEffect(() => {
    if (view.kind === "live") lastRange.current = view.range;
  }, [view]);
  useEffect(() => () => clearTimeout(rest.current), []);

  const show = (next: View): void => {
    clearTimeout(rest.current);
    setMoving(null);
    setParams((now) => withView(now, next), { replace: true });
  };
  return {
    view,
    moving,
    choose: (range) => show({ kind: "live", range }),
    reset: () => show(around ? { kind: "fixed", ...around } : liveAgain(lastRange.current)),
    move: (wanted) => {
      const now_ms = Date.now();
      const outer = { from_ms: Math.min(begin_ms, now_ms - OUTER_LEAST_MS), to_ms: now_ms };
      const next = bounded(wanted, outer);
      setMoving(next);
      clearTimeout(rest.current);
      rest.current = setTimeout(() => show({ kind: "fixed", ...next }), REST_MS);
    },
  };
}

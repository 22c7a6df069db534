// When the reader was here before. A visit ends when the page was not looked at for a while.

/** Away for so long, and coming back is another visit. */
export const VISIT_ENDS_MS = 30 * 60_000;

/** A miner as it was known, for telling who came and who went. */
export interface Known {
  id: number;
  name: string;
}

export interface Visit {
  /** When this visit began. */
  began_ms: number;
  /** When the page was looked at last. */
  seen_ms: number;
  /** The miners there were then; null when there are too many to keep, or it is not known. */
  miners: Known[] | null;
  /** How the visit before ended; null: there was none. */
  before: { ended_ms: number; miners: Known[] | null } | null;
  /** The reader has closed what is said about it. */
  closed: boolean;
}

/** What was kept, continued when the reader was here just now, or else the visit after it. */
export function visitAt(kept: Visit | null, now_ms: number): Visit {
  if (kept !== null && now_ms - kept.seen_ms < VISIT_ENDS_MS) {
    return { ...kept, seen_ms: Math.max(kept.seen_ms, now_ms) };
  }
  const before = kept && { ended_ms: kept.seen_ms, miners: kept.miners };
  return { began_ms: now_ms, seen_ms: now_ms, miners: null, before, closed: false };
}

export interface Changed {
  added: Known[];
  gone: Known[];
}

/** Who came and who went; nobody when either is not known. */
export function changesOf(then: readonly Known[] | null, now: readonly Known[] | null): Changed {
  if (then === null || now === null) return { added: [], gone: [] };
  const missingIn = (list: readonly Known[], others: readonly Known[]): Known[] => {
    const ids = new Set(others.map(({ id }) => id));
    return list.filter(({ id }) => !ids.has(id));
  };
  return { added: missingIn(now, then), gone: missingIn(then, now) };
}

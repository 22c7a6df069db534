// What the page knew last, kept in the browser: opened while the monitor is away, it shows how
// things stood, and how old that is.
import type { QueryClient } from "@tanstack/react-query";
import { connectionKey, minersQuery, summaryQuery } from "./queries";
import type { Connection, Miner, Summary } from "./types";

const KEY = "last-known";
const KEEP_EVERY_MS = 15_000;
/** A browser gives a page a few megabytes; ten thousand miners would not fit. */
const MINERS_MOST = 300;

interface LastKnown {
  heard_ms: number;
  summary: Summary;
  miners: Miner[];
}

function isLastKnown(value: unknown): value is LastKnown {
  return (
    typeof value === "object" &&
    value !== null &&
    "heard_ms" in value &&
    typeof value.heard_ms === "number" &&
    "summary" in value &&
    "miners" in value &&
    Array.isArray(value.miners)
  );
}

function keep(queries: QueryClient): void {
  const connection = queries.getQueryData<Connection>(connectionKey);
  const summary = queries.getQueryData(summaryQuery.queryKey);
  const miners = queries.getQueryData(minersQuery.queryKey);
  const heard = connection?.state === "live" || connection?.state === "polling";
  if (!heard || !summary || !miners || connection.heard_ms === null) return;
  const known: LastKnown = {
    heard_ms: connection.heard_ms,
    summary,
    miners: miners.slice(0, MINERS_MOST),
  };
  try {
    localStorage.setItem(KEY, JSON.stringify(known));
  } catch {
    // Storage is full or switched off: then nothing is remembered.
  }
}

/** Fills the cache with what was known, unless something newer is in it already. */
export function recall(queries: QueryClient): void {
  if (queries.getQueryData(minersQuery.queryKey)) return;
  try {
    const known: unknown = JSON.parse(localStorage.getItem(KEY) ?? "null");
    if (!isLastKnown(known)) return;
    queries.setQueryData(minersQuery.queryKey, known.miners);
    queries.setQueryData(summaryQuery.queryKey, known.summary);
    queries.setQueryData<Connection>(connectionKey, (now) => ({
      state: now?.state ?? "connecting",
      heard_ms: now?.heard_ms ?? known.heard_ms,
    }));
  } catch {
    // Not ours, or cut off: as if nothing had been kept.
  }
}

/** Keeps what is known from now on, and recalls it as soon as the monitor proves to be away. */
export function startLastKnown(queries: QueryClient): void {
  setInterval(() => keep(queries), KEEP_EVERY_MS);
  document.addEventListener("visibilitychange", () => keep(queries));
  /** False as long as it is not known whether the monitor is there. */
  const look = (): boolean => {
    const state = queries.getQueryData<Connection>(connectionKey)?.state;
    if (state === "lost") recall(queries);
    return state === "live" || state === "lost";
  };
  if (look()) return;
  const unsubscribe = queries.getQueryCache().subscribe(() => {
    if (look()) unsubscribe();
  });
}

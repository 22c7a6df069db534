// The reader's visits, kept in the browser, and what the monitor tells of the time between them.
import { useQuery, type QueryClient } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import { visitAt, type Known, type Visit } from "@/lib/visit";
import { get } from "./client";
import { minersQuery } from "./queries";
import { retoldRule } from "./retold";
import type { Episode, EpisodeList } from "./types";

const KEY = "visit";
const KEEP_EVERY_MS = 60_000;
/** Names of more would fill the browser's storage. */
const MINERS_MOST = 1000;
/** Newest first; whoever was away for longer reads that there were more. */
const EPISODES_MOST = 300;

let visit: Visit | null = null;
const listeners = new Set<() => void>();

function isVisit(value: unknown): value is Visit {
  return (
    typeof value === "object" &&
    value !== null &&
    "began_ms" in value &&
    "seen_ms" in value &&
    typeof value.seen_ms === "number" &&
    "before" in value &&
    typeof value.before === "object"
  );
}

function kept(): Visit | null {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(KEY) ?? "null");
    return isVisit(value) ? value : null;
  } catch {
    return null; // Not ours, or storage is switched off: as if this were the first visit.
  }
}

function change(next: Visit): void {
  visit = next;
  try {
    localStorage.setItem(KEY, JSON.stringify(next));
  } catch {
    // Storage is full or switched off: then every visit is the first.
  }
  for (const listener of listeners) listener();
}

const current = (): Visit => (visit ??= visitAt(kept(), Date.now()));

const namesOf = (miners: readonly Known[] | undefined): Known[] | null =>
  miners === undefined || miners.length > MINERS_MOST
    ? null
    : miners.map(({ id, name }) => ({ id, name }));

/** Notes from now on that the reader is here, while the page is in sight. */
export function startVisits(queries: QueryClient): void {
  const keep = (isHere: boolean): void => {
    if (!isHere) return;
    const now = visitAt(current(), Date.now());
    const miners = namesOf(queries.getQueryData(minersQuery.queryKey)) ?? now.miners;
    change({ ...now, miners });
  };
  const isVisible = (): boolean => document.visibilityState === "visible";
  keep(isVisible());
  setInterval(() => keep(isVisible()), KEEP_EVERY_MS);
  // Hidden just now, the reader was here until now.
  document.addEventListener("visibilitychange", () => keep(true));
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const useVisit = (): Visit => useSyncExternalStore(subscribe, current);

/** Nothing more is said of the time before this visit. */
export function closeVisit(): void {
  change({ ...current(), closed: true });
}

export interface Between {
  episodes: Episode[];
  /** There were more than are here. */
  more: boolean;
}

/** What was raised between two moments. Asked for once: it is over. */
export function useBetween(from_ms: number, to_ms: number) {
  return useQuery({
    queryKey: ["between", from_ms, to_ms],
    queryFn: ({ signal }) =>
      get<EpisodeList>(`/api/v1/alerts/episodes?limit=${EPISODES_MOST}`, signal),
    select: ({ items, next }): Between => {
      const episodes = items.map(retoldRule).filter((episode) => {
        const raised_ms = Date.parse(episode.raised_at ?? "");
        return raised_ms >= from_ms && raised_ms < to_ms;
      });
      const oldest_ms = Date.parse(items.at(-1)?.raised_at ?? "");
      return { episodes, more: next !== null && oldest_ms >= from_ms };
    },
    staleTime: Infinity,
  });
}

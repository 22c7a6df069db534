// What the page knows of the server: one cache entry per thing. The first three are filled by
// live.ts alone, so their hooks never fetch by themselves.
import {
  keepPreviousData,
  queryOptions,
  useQuery,
  type UseQueryResult,
} from "@tanstack/react-query";
import { RANGE_REFRESH_MS, rangeLength_ms } from "@/lib/ranges";
import { padded, type Stretch, type View } from "@/lib/view";
import { getHealth, getHistory, getMiners, getSummary } from "./client";
import type { Connection, Health, History, Miner, Summary } from "./types";

const MINUTE_MS = 60_000;

export const minersQuery = queryOptions({
  queryKey: ["miners"],
  queryFn: ({ signal }) => getMiners(signal),
  // withMiners keeps identities; comparing thousands of miners in depth again would be waste.
  structuralSharing: false,
});

export const summaryQuery = queryOptions({
  queryKey: ["summary"],
  queryFn: ({ signal }) => getSummary(signal),
});

export const healthQuery = queryOptions({
  queryKey: ["health"],
  queryFn: ({ signal }) => getHealth(signal),
});

export const connectionKey = ["connection"] as const;
export const CONNECTING: Connection = { state: "connecting", heard_ms: null };

export function useMiners(): UseQueryResult<Miner[]> {
  return useQuery({ ...minersQuery, enabled: false });
}

/** How many alerts fire now, of all miners. */
export function useOpenAlerts(): number {
  const { data = 0 } = useQuery({
    ...minersQuery,
    enabled: false,
    select: (miners) => miners.reduce((sum, { alerts }) => sum + alerts.length, 0),
  });
  return data;
}

/** `data` is null when the miners are known and this is none of them. */
export function useMiner(id: number): UseQueryResult<Miner | null> {
  return useQuery({
    ...minersQuery,
    enabled: false,
    select: (miners) => miners.find((miner) => miner.id === id) ?? null,
  });
}

export function useSummary(): UseQueryResult<Summary> {
  return useQuery({ ...summaryQuery, enabled: false });
}

export function useHealth(): UseQueryResult<Health> {
  return useQuery({ ...healthQuery, enabled: false });
}

const connectionQuery = queryOptions<Connection>({
  queryKey: connectionKey,
  queryFn: () => CONNECTING,
  enabled: false,
  initialData: CONNECTING,
});

/** How the page hears from the monitor; drawn anew only when that changes. */
export function useConnection(): Connection["state"] {
  return useQuery({ ...connectionQuery, select: ({ state }) => state }).data;
}

/** When the page last heard from the monitor, by this device's clock. */
export function useHeard_ms(): number | null {
  return useQuery({ ...connectionQuery, select: ({ heard_ms }) => heard_ms }).data;
}

export interface HistoryWanted {
  view: View;
  /** When this miner's history may begin, milliseconds since 1970. */
  begin_ms: number;
  points: number;
  metrics: readonly string[];
}

/** What a view means now. */
export function stretchOf(view: View, begin_ms: number, now_ms: number): Stretch {
  if (view.kind === "live") {
    return { from_ms: now_ms - rangeLength_ms(view.range, now_ms - begin_ms), to_ms: now_ms };
  }
  return padded(view, { from_ms: Math.min(begin_ms, view.from_ms), to_ms: now_ms });
}

export function historyQuery(id: number, { view, begin_ms, points, metrics }: HistoryWanted) {
  const refresh_ms = view.kind === "live" ? RANGE_REFRESH_MS[view.range] : MINUTE_MS;
  return queryOptions({
    queryKey: ["history", id, view, points, metrics],
    queryFn: ({ signal }) => {
      const stretch = stretchOf(view, begin_ms, Date.now());
      return getHistory(id, { ...stretch, points, metrics }, signal);
    },
    refetchInterval: refresh_ms,
    staleTime: refresh_ms,
  });
}

export function useHistory(id: number, wanted: HistoryWanted): UseQueryResult<History> {
  return useQuery({ ...historyQuery(id, wanted), placeholderData: keepPreviousData });
}

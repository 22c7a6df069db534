// What the page knows of the server: one cache entry per thing. The first three are filled by
// live.ts alone, so their hooks never fetch by themselves.
import {
  keepPreviousData,
  queryOptions,
  useQuery,
  type UseQueryResult,
} from "@tanstack/react-query";
import { RANGE_MS, RANGE_REFRESH_MS, type Range } from "@/lib/ranges";
import { getHealth, getMiners, getSamples, getSummary } from "./client";
import type { Connection, Health, Miner, SampleColumns, Summary } from "./types";

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

export function useConnection(): Connection {
  const { data } = useQuery<Connection>({
    queryKey: connectionKey,
    queryFn: () => CONNECTING,
    enabled: false,
    initialData: CONNECTING,
  });
  return data;
}

export interface SamplesWanted {
  range: Range;
  points: number;
  metrics: readonly string[];
}

export function useSamples(id: number, wanted: SamplesWanted): UseQueryResult<SampleColumns> {
  const { range, points, metrics } = wanted;
  return useQuery({
    queryKey: ["samples", id, range, points, metrics],
    queryFn: ({ signal }) => {
      const to_ms = Date.now();
      return getSamples(id, { from_ms: to_ms - RANGE_MS[range], to_ms, points, metrics }, signal);
    },
    refetchInterval: RANGE_REFRESH_MS[range],
    staleTime: RANGE_REFRESH_MS[range],
    placeholderData: keepPreviousData,
  });
}

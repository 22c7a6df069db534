// How one miner is set up, and what its device really sends.
import { useQuery } from "@tanstack/react-query";
import { get, write } from "./client";
import type { components } from "./schema";
import type { WireMiner } from "./types";

export type Device = components["schemas"]["Device"];
export type RawAnswer = components["schemas"]["RawAnswer"];

const REFRESH_MS = 30_000;

/** It changes with firmware and settings only, so it is not among what the stream tells. */
export function useDevice(id: number) {
  return useQuery({
    queryKey: ["device", id],
    queryFn: ({ signal }) => get<WireMiner>(`/api/v1/miners/${id}`, signal),
    select: (miner): Device | null => miner.device ?? null,
    refetchInterval: REFRESH_MS,
    staleTime: REFRESH_MS,
  });
}

/** Asks the device when it is first shown and when told to, never by itself; nothing is kept. */
export function useRawAnswer(id: number) {
  return useQuery({
    queryKey: ["raw", id],
    queryFn: () => write<RawAnswer>("POST", `/api/v1/miners/${id}/raw`),
    staleTime: Infinity,
    gcTime: 0,
    retry: false,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
}

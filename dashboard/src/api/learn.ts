// What explains: the glossary, the odds, the record book.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { currentLanguage } from "@/lib/texts";
import { get } from "./client";
import type { Glossary, Odds, Records } from "./types";

const MINUTE_MS = 60_000;

const ofMiner = (miner: number | null): string => (miner === null ? "" : `?miner=${miner}`);

/** The same words as in the chat; they change only with the monitor's version. */
export function useGlossary() {
  return useQuery({
    queryKey: ["glossary", currentLanguage()],
    queryFn: ({ signal }) =>
      get<Glossary>(`/api/v1/glossary?language=${currentLanguage()}`, signal),
    select: ({ items }) => items,
    staleTime: Infinity,
  });
}

/** Null: of all miners together. */
export function useOdds(miner: number | null) {
  return useQuery({
    queryKey: ["odds", miner],
    queryFn: ({ signal }) => get<Odds>(`/api/v1/odds${ofMiner(miner)}`, signal),
    placeholderData: keepPreviousData,
    refetchInterval: MINUTE_MS,
  });
}

export function useRecords(miner: number | null) {
  return useQuery({
    queryKey: ["records", miner],
    queryFn: ({ signal }) => get<Records>(`/api/v1/records${ofMiner(miner)}`, signal),
    placeholderData: keepPreviousData,
    refetchInterval: 5 * MINUTE_MS,
  });
}

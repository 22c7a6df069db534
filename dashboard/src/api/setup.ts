// The first steps: the search for miners, linking Telegram; and what the history weighs.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { get, remove, write } from "./client";
import type { components } from "./schema";

type Schemas = components["schemas"];
export type Scan = Schemas["Scan"];
export type FoundMiner = Schemas["FoundMiner"];
export type Storage = Schemas["Storage"];
export type TelegramLink = Schemas["TelegramLink"];
export type Channel = Schemas["Channel"];
export type ChannelTest = Schemas["ChannelTest"];
type TelegramBot = Schemas["TelegramBot"];
type TelegramLinkState = Schemas["TelegramLinkState"];

const SCAN = "/api/v1/scan";
const SCAN_KEY = ["scan"];
const LOOK_MS = 500;

export function useScan() {
  return useQuery({
    queryKey: SCAN_KEY,
    queryFn: ({ signal }) => get<Scan>(SCAN, signal),
    refetchInterval: ({ state }) => (state.data?.state === "running" ? LOOK_MS : false),
    staleTime: 0,
  });
}

export function useBeginScan() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (network: string | null) => write<Scan>("POST", SCAN, { network }),
    onSuccess: (scan) => queries.setQueryData(SCAN_KEY, scan),
  });
}

export function useCancelScan() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => remove(SCAN),
    onSettled: () => queries.invalidateQueries({ queryKey: SCAN_KEY }),
  });
}

export function useStorage() {
  return useQuery({
    queryKey: ["storage"],
    queryFn: ({ signal }) => get<Storage>("/api/v1/storage", signal),
  });
}

export function useTelegramBot() {
  return useQuery({
    queryKey: ["telegram"],
    queryFn: ({ signal }) => get<TelegramBot>("/api/v1/telegram", signal),
  });
}

/** `token`: of a new bot; null for the one that there is. */
export function useLinkTelegram() {
  return useMutation({
    mutationFn: (token: string | null) =>
      write<TelegramLink>("POST", "/api/v1/telegram/link", { token }),
  });
}

export function useLinkState(code: string) {
  return useQuery({
    queryKey: ["telegram", "link", code],
    queryFn: ({ signal }) => get<TelegramLinkState>(`/api/v1/telegram/link/${code}`, signal),
    refetchInterval: ({ state }) => (state.data?.state === "waiting" ? 1000 : false),
  });
}

/** The chats of Telegram that messages go to, the newest first. */
export function useChats() {
  return useQuery({
    queryKey: ["channels", "telegram"],
    queryFn: ({ signal }) => get<{ items: Channel[] }>("/api/v1/channels", signal),
    select: ({ items }) =>
      items.filter(({ kind }) => kind === "telegram").sort((a, b) => b.id - a.id),
    staleTime: 0,
  });
}

export function useTestChannel() {
  return useMutation({
    mutationFn: (id: number) => write<ChannelTest>("POST", `/api/v1/channels/${id}/test`),
  });
}

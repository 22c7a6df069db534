// Channels: where messages go, and the Telegram bot that links chats.
import { useMutation, useQuery, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { findText } from "@/lib/texts";
import { get, remove, write } from "./client";
import type {
  Channel,
  ChannelChange,
  ChannelKind,
  ChannelTest,
  ChatRole,
  NewChannel,
  TelegramBot,
  TelegramLink,
  TelegramLinkState,
} from "./types";

const CHANNELS = "/api/v1/channels";
const TELEGRAM = "/api/v1/telegram";
/** How a channel is doing comes with no event, so it is asked for while it is looked at. */
const REFRESH_MS = 10_000;
const LINK_REFRESH_MS = 1500;

const key = (...rest: unknown[]): unknown[] => ["channels", ...rest];

const refresh = (queries: QueryClient): Promise<void> =>
  queries.invalidateQueries({ queryKey: key() });

export function useChannels() {
  return useQuery({
    queryKey: key(),
    queryFn: ({ signal }) => get<{ items: Channel[] }>(CHANNELS, signal),
    select: ({ items }) => items,
    refetchInterval: REFRESH_MS,
  });
}

export function useChannelKinds() {
  return useQuery({
    queryKey: ["channel kinds"],
    queryFn: ({ signal }) => get<{ items: ChannelKind[] }>(`${CHANNELS}/kinds`, signal),
    select: ({ items }) => items.map(inWords),
    staleTime: Infinity,
  });
}

/** The monitor's English words for it, or those of the page's language (texts/page/de/kinds.json). */
function inWords(kind: ChannelKind): ChannelKind {
  const own = (key: string, words: string): string => findText(`kind.${kind.kind}.${key}`) ?? words;
  return {
    ...kind,
    title: own("title", kind.title),
    about: own("about", kind.about),
    fields: kind.fields.map((field) => ({
      ...field,
      title: own(`${field.name}.title`, field.title),
      help: own(`${field.name}.help`, field.help),
    })),
  };
}

/** The languages that the monitor can write in. */
export function useLanguages() {
  return useQuery({
    queryKey: ["channel languages"],
    queryFn: ({ signal }) => get<{ languages: string[] }>("/api/v1/settings", signal),
    select: ({ languages }) => languages,
    staleTime: Infinity,
  });
}

export function useAddChannel() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (channel: NewChannel) => write<Channel>("POST", CHANNELS, channel),
    onSettled: () => refresh(queries),
  });
}

export function useChangeChannel(id: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (change: ChannelChange) => write<Channel>("PATCH", `${CHANNELS}/${id}`, change),
    onSettled: () => refresh(queries),
  });
}

export function useRemoveChannel(id: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => remove(`${CHANNELS}/${id}`),
    onSettled: () => refresh(queries),
  });
}

/** Sends a real message; what it gives is what the service said. */
export function useTestChannel() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: number) => write<ChannelTest>("POST", `${CHANNELS}/${id}/test`),
    onSettled: () => refresh(queries),
  });
}

export function useTelegramBot() {
  return useQuery({
    queryKey: key("bot"),
    queryFn: ({ signal }) => get<TelegramBot>(TELEGRAM, signal),
  });
}

export interface LinkWish {
  role: ChatRole;
  /** Of a new bot; undefined when there is one. */
  token?: string | undefined;
}

export function useLinkTelegram() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (wish: LinkWish) => write<TelegramLink>("POST", `${TELEGRAM}/link`, wish),
    onSuccess: () => refresh(queries),
  });
}

/** What became of a code, asked for until it is used or over. */
export function useTelegramLink(code: string) {
  const queries = useQueryClient();
  return useQuery({
    queryKey: ["telegram link", code],
    queryFn: async ({ signal }) => {
      const link = await get<TelegramLinkState>(`${TELEGRAM}/link/${code}`, signal);
      if (link.state === "used") await refresh(queries);
      return link;
    },
    refetchInterval: ({ state }) =>
      state.data === undefined || state.data.state === "waiting" ? LINK_REFRESH_MS : false,
  });
}

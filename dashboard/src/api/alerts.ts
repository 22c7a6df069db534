// Alerts: what was in trouble and when, who said what about it, what is watched for.
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { findText } from "@/lib/texts";
import { alertKey as key, refreshAlerts } from "./alert_key";
import { ApiError, get, remove, write } from "./client";
import { retoldRule } from "./retold";
import type {
  Drill,
  Episode,
  EpisodeDetail,
  EpisodeList,
  Mute,
  NewMute,
  Rule,
  RuleChange,
  RulePreview,
} from "./types";

const ALERTS = "/api/v1/alerts";
const PAGE = 50;

export interface EpisodeFilter {
  state?: "open" | "closed" | "any";
  miner?: number;
  rule?: string;
}

function getEpisodes(
  filter: EpisodeFilter,
  cursor: string | null,
  signal: AbortSignal,
): Promise<EpisodeList> {
  const parameters = new URLSearchParams({ limit: String(PAGE) });
  for (const [name, value] of Object.entries(filter)) parameters.set(name, String(value));
  if (cursor !== null) parameters.set("cursor", cursor);
  return get(`${ALERTS}/episodes?${parameters.toString()}`, signal);
}

/** In the page's language; as it came where that is English. */
function inWords(episode: Episode): Episode {
  const reason = findText(`reason.${episode.reason_code}.text`) ?? episode.reason;
  return { ...retoldRule(episode), reason };
}

/** Newest first, page by page. */
export function useEpisodes(filter: EpisodeFilter) {
  return useInfiniteQuery({
    queryKey: key("episodes", filter),
    queryFn: ({ pageParam, signal }) => getEpisodes(filter, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    select: ({ pages }) => pages.flatMap((page) => page.items.map(inWords)),
  });
}

export function useEpisode(id: number) {
  return useQuery({
    queryKey: key("episode", id),
    queryFn: ({ signal }) => get<EpisodeDetail>(`${ALERTS}/${id}`, signal),
    select: (detail) => ({ ...detail, episode: inWords(detail.episode) }),
  });
}

export function useAcknowledge(id: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => write<Episode>("POST", `${ALERTS}/${id}/acknowledge`, {}),
    onSettled: () => refreshAlerts(queries),
  });
}

export function useNote(id: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (text: string) => write("POST", `${ALERTS}/${id}/notes`, { text }),
    onSettled: () => refreshAlerts(queries),
  });
}

export function useMutes() {
  return useQuery({
    queryKey: key("mutes"),
    queryFn: ({ signal }) => get<{ items: Mute[] }>("/api/v1/mutes", signal),
    select: ({ items }) => items,
  });
}

export function useMute() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (mute: NewMute) => write<Mute>("POST", "/api/v1/mutes", mute),
    onSettled: () => refreshAlerts(queries),
  });
}

export function useUnmute() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: number) => remove(`/api/v1/mutes/${id}`),
    onSettled: () => refreshAlerts(queries),
  });
}

/** Of one miner, or with null those that hold for all. */
export function useRules(miner: number | null) {
  return useQuery({
    queryKey: key("rules", miner),
    queryFn: ({ signal }) => get<{ items: Rule[] }>(rulesPath(miner), signal),
    select: ({ items }) => items.map(retoldRule),
  });
}

const rulesPath = (miner: number | null): string =>
  miner === null ? "/api/v1/rules" : `/api/v1/miners/${miner}/rules`;

export function useChangeRule(miner: number | null, rule: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (change: RuleChange) => write<Rule>("PATCH", `${rulesPath(miner)}/${rule}`, change),
    // It is done when the page knows the outcome.
    onSettled: () => {
      queries.removeQueries({ queryKey: PREVIEW });
      return queries.invalidateQueries({ queryKey: key() });
    },
  });
}

/** Not below alertKey: looking through weeks of history at each alert would be too much. */
const PREVIEW = ["rule preview"];

export interface PreviewWanted {
  rule: string;
  /** Null: all of them. */
  miner: number | null;
  days: number;
  /** `limit` and `hold_s` to try; "": as the rule is. */
  query: string;
}

function previewPath({ rule, miner, days, query }: PreviewWanted): string {
  const parameters = new URLSearchParams(query);
  parameters.set("days", String(days));
  if (miner !== null) parameters.set("miner", String(miner));
  return `/api/v1/rules/${rule}/preview?${parameters.toString()}`;
}

/** How often a rule would have fired lately. A refusal is an answer, and not asked for again. */
export function useRulePreview(wanted: PreviewWanted, enabled = true) {
  return useQuery({
    queryKey: [...PREVIEW, wanted],
    queryFn: ({ signal }) => get<RulePreview>(previewPath(wanted), signal),
    staleTime: 5 * 60_000,
    retry: (failures, error) => !(error instanceof ApiError && error.status > 0) && failures < 1,
    enabled,
  });
}

export function useDrill() {
  return useQuery({
    queryKey: key("drill"),
    queryFn: ({ signal }) => get<Drill>("/api/v1/drill", signal),
    refetchInterval: ({ state }) => (state.data?.running ? 1000 : false),
  });
}

export function useStartDrill() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => write<Drill>("POST", "/api/v1/drill"),
    onSettled: () => refreshAlerts(queries),
  });
}

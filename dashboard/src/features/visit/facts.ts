// What happened while the reader was away, as short sentences that lead to more. Pure.
import type { Between } from "@/api/visits";
import type { Episode } from "@/api/types";
import { difficulty } from "@/lib/format";
import { duration } from "@/lib/time";
import type { Changed, Known } from "@/lib/visit";
import { text } from "./texts";

export interface Fact {
  words: string;
  /** Where more of it stands; null: here. */
  to: string | null;
}

/** More than these nobody reads in passing. */
const FACTS_MOST = 4;

const whose = (episode: Episode): string =>
  episode.miner_name ?? text(episode.miner_id === null ? "visit.monitor" : "visit.someMiner");

const spanOf = ({ since, raised_at, ended_at }: Episode): string => {
  const until_ms = Date.parse(ended_at ?? raised_at ?? "");
  return duration((until_ms - Date.parse(since ?? raised_at ?? "")) / 1000);
};

const isTrouble = ({ good_news, severity }: Episode): boolean => !good_news && severity !== "info";

function alertsOf(episodes: readonly Episode[], more: boolean): Fact[] {
  const troubles = episodes.filter(isTrouble);
  const [first] = troubles;
  if (first === undefined) return [];
  const count = troubles.length;
  if (more) return [{ words: text("visit.alerts.more", { count }), to: "/alerts" }];
  if (count === 1) {
    const key = first.state === "open" ? "open" : first.state === "moment" ? "moment" : "over";
    const values = { whose: whose(first), title: first.title, span: spanOf(first) };
    return [{ words: text(`visit.alert.${key}`, values), to: `/alerts/${first.id}` }];
  }
  const open = troubles.filter(({ state }) => state === "open").length;
  const key = open === 0 ? "visit.alerts.over" : "visit.alerts.open";
  return [{ words: text(key, { count, open }), to: "/alerts" }];
}

function blocksOf(episodes: readonly Episode[]): Fact[] {
  return episodes
    .filter(({ rule }) => rule === "block_found")
    .map((found) => ({
      words: text("visit.block", { whose: whose(found) }),
      to: `/alerts/${found.id}`,
    }));
}

/** The highest of all that were beaten. */
function bestOf(episodes: readonly Episode[]): Fact[] {
  const beaten = episodes.filter(({ rule, value }) => rule === "new_best" && value !== null);
  const [best] = beaten.sort((a, b) => (b.value ?? 0) - (a.value ?? 0));
  if (best === undefined) return [];
  const values = { whose: whose(best), value: difficulty(best.value) };
  return [{ words: text("visit.best", values), to: "/learn/records" }];
}

function offOf(episodes: readonly Episode[]): Fact[] {
  return episodes
    .filter(({ rule }) => rule === "monitor_off")
    .slice(0, 1)
    .map((off) => ({ words: text("visit.off", { span: spanOf(off) }), to: `/alerts/${off.id}` }));
}

function minersOf(key: "visit.added" | "visit.gone", miners: readonly Known[]): Fact[] {
  const [one] = miners;
  if (one === undefined) return [];
  const count = miners.length;
  if (count > 1) return [{ words: text(`${key}.many`, { count }), to: null }];
  return [{ words: text(key, { name: one.name }), to: `/miners/${one.id}` }];
}

/** The most weighty first; none when nothing happened that is worth a word. */
export function factsOf({ episodes, more }: Between, { added, gone }: Changed): Fact[] {
  const real = episodes.filter(({ drill }) => !drill);
  return [
    ...blocksOf(real),
    ...alertsOf(real, more),
    ...offOf(real),
    ...bestOf(real),
    ...minersOf("visit.added", added),
    ...minersOf("visit.gone", gone),
  ].slice(0, FACTS_MOST);
}

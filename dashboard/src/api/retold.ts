// What the monitor says is English. In another language the page says it again: the monitor's
// machine names (states, reasons, rules) are known, and there is a text for each. How that is
// done is fetched only by who needs it; in English everything stays as it came.
import { currentLanguage } from "@/lib/texts";
import type { Rule, Summary, WireMiner } from "./types";

/** The words of an alert's kind, as they stand on alerts, episodes and rules. */
export type RuleWords = Pick<Rule, "rule" | "title" | "meaning" | "advice">;

export interface Retelling {
  miner: (miner: WireMiner) => WireMiner;
  summary: (summary: Summary, miners: readonly WireMiner[]) => Summary;
  rule: <W extends RuleWords>(words: W) => W;
}

let retelling: Retelling | null = null;

/** After the language is known, and before anything is asked of the monitor. */
export async function startRetelling(): Promise<void> {
  retelling = currentLanguage() === "en" ? null : (await import("./retelling")).retelling;
}

export const retoldMiner = (miner: WireMiner): WireMiner => retelling?.miner(miner) ?? miner;

/** `miners`: all that there are, for the sentence speaks of the one that needs its owner most. */
export const retoldSummary = (summary: Summary, miners: readonly WireMiner[]): Summary =>
  retelling?.summary(summary, miners) ?? summary;

export const retoldRule = <W extends RuleWords>(words: W): W => retelling?.rule(words) ?? words;

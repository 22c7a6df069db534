// Chances, waits and days as a person says them. Pure.
import { roughly, waitOf, type Chance } from "@/lib/odds";
import * as format from "@/lib/format";
import { dateFormat, numberFormat } from "@/lib/locale";
import { text } from "./texts";

const LIKELY = 0.2;
const counts = numberFormat({ maximumFractionDigits: 0 });

/** "1 in 5,000,000", or "35 % likely". */
export function chanceWords(chance: Chance | null): string {
  if (chance === null) return text("app.unknown");
  if (!Number.isFinite(chance.oneIn)) return text("odds.never");
  if (chance.perDay > LIKELY) {
    const percent = Math.min(99, Math.round(chance.perDay * 100));
    return text("odds.likely", { percent: format.joined(format.percentParts(percent)) });
  }
  return text("odds.oneIn", { count: counts().format(roughly(chance.oneIn)) });
}

/** Choosing 6 numbers of 49: a lottery that everybody knows. */
const SIX_OF_49 = 13_983_816;

/** The chance of a day in tickets of another lottery. */
export function lotteryWords(chance: Chance): string {
  const tickets = SIX_OF_49 / chance.oneIn;
  if (tickets < 0.95) {
    return text("odds.compare.less", { count: format.joined(format.countParts(1 / tickets)) });
  }
  return withCount("odds.compare.text", roughly(tickets));
}

/** A text that counts, with the digits of large numbers in groups. */
function withCount(key: Parameters<typeof text>[0], count: number): string {
  return text(key, { count }).replace(String(count), counts().format(count));
}

/** "14,000 years". */
export function waitWords(seconds: number): string {
  if (!Number.isFinite(seconds)) return text("app.unknown");
  const { unit, count } = waitOf(seconds);
  return withCount(`odds.time.${unit}`, count);
}

/** Days are counted in UTC, so that is how they are named. */
const days = dateFormat({ dateStyle: "long", timeZone: "UTC" });
export const dayOf = (at: string): string => days().format(new Date(at));

/** "150e12", "150,000,000,000,000"; null for what is no difficulty. */
export function readDifficulty(typed: string): number | null {
  const value = Number(typed.trim().replaceAll(",", ""));
  return typed.trim() !== "" && value > 0 && Number.isFinite(value) ? value : null;
}

/** "Garage, March 5, 2027"; of all together only the day. */
export function holderWords(
  record: { at: string | null; miner: { name: string | null } | null } | null,
): string {
  if (record === null) return "";
  const day = record.at === null ? text("records.before") : dayOf(record.at);
  if (record.miner === null) return day;
  return text("records.by", { name: record.miner.name ?? text("records.removed"), day });
}

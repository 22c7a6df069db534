// For how long nobody is told of a miner's alerts.
import type { Mute } from "@/api/types";
import { localTime } from "@/lib/time";
import { text } from "./texts";

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const MORNING_H = 7;

/** The monitor forgets no mute for ever: "until I unmute" is a year, and shown as what it means. */
export const LONG_MINUTES = 365 * 24 * 60;
const LONG_MS = 300 * DAY_MS;

export interface Quiet {
  /** The mute that lasts longest of those that hold for every alert of the miner. */
  whole: Mute | null;
  /** Kinds of alerts that are muted one by one. */
  some: Mute[];
}

const endOf = (mute: Mute): number => Date.parse(mute.until ?? "");

export function quietOf(mutes: readonly Mute[], miner: number, now_ms: number): Quiet {
  const own = mutes.filter(
    (mute) => (mute.miner_id === null || mute.miner_id === miner) && endOf(mute) > now_ms,
  );
  const whole = own.filter((mute) => mute.rule === null);
  return {
    whole: whole.sort((a, b) => endOf(b) - endOf(a))[0] ?? null,
    some: own.filter((mute) => mute.rule !== null),
  };
}

/** "Muted until 14:30". */
export function quietWords(mute: Mute, now_ms: number): string {
  const isLong = endOf(mute) - now_ms > LONG_MS;
  const time = localTime(mute.until, new Date(now_ms));
  if (mute.miner_id === null)
    return isLong ? text("quiet.all.untilYou") : text("quiet.all", { time });
  return isLong ? text("quiet.untilYou") : text("quiet.until", { time });
}

/** The next seven o'clock in the morning here. */
export function morningAfter(now_ms: number): Date {
  const morning = new Date(now_ms);
  morning.setHours(MORNING_H, 0, 0, 0);
  if (morning.getTime() <= now_ms) morning.setDate(morning.getDate() + 1);
  return morning;
}

/** Whether that is still today: told to who is awake after midnight. */
export const isToday = (moment: Date, now_ms: number): boolean =>
  moment.toDateString() === new Date(now_ms).toDateString();

// Spans and moments in words. Ages tick every second while they are young, so they are coarse.
import { dateFormat } from "./locale";
import { text } from "./texts";

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const unit = (value: number, key: "unit.s" | "unit.min" | "unit.h" | "unit.d"): string =>
  `${value}\u00a0${text(key)}`;

/** Two units at most: "42 s", "12 min", "3 h 5 min", "4 d 2 h". */
export function duration(seconds: number | null): string {
  if (seconds === null || !Number.isFinite(seconds) || seconds < 0) return text("app.unknown");
  const whole = Math.floor(seconds);
  if (whole < MINUTE) return unit(whole, "unit.s");
  if (whole < HOUR) return unit(Math.floor(whole / MINUTE), "unit.min");
  if (whole < DAY) {
    const minutes = Math.floor((whole % HOUR) / MINUTE);
    const hours = unit(Math.floor(whole / HOUR), "unit.h");
    return minutes === 0 ? hours : `${hours} ${unit(minutes, "unit.min")}`;
  }
  const hours = Math.floor((whole % DAY) / HOUR);
  const days = unit(Math.floor(whole / DAY), "unit.d");
  return hours === 0 ? days : `${days} ${unit(hours, "unit.h")}`;
}

/** "4 s ago". */
export function ago(seconds: number): string {
  return seconds < 1 ? text("ago.now") : text("ago", { duration: duration(seconds) });
}

/**
 * The age of readings now: what the monitor said when it sent them plus the time since they
 * came. The two clocks are never compared, so a wrong clock here or there does no harm.
 */
export function ageNow(
  ageAtArrival_s: number | null,
  arrived_ms: number,
  now_ms: number,
): number | null {
  if (ageAtArrival_s === null) return null;
  return ageAtArrival_s + Math.max(0, now_ms - arrived_ms) / 1000;
}

/** How long until an age reads differently, so that a clock wakes no more than it must. */
export function nextTick_ms(age_s: number): number {
  if (age_s < MINUTE) return 1000;
  return age_s < HOUR ? 10_000 : MINUTE * 1000;
}

const moment = dateFormat({ dateStyle: "medium", timeStyle: "short" });
const clock = dateFormat({ timeStyle: "short" });

/** An RFC 3339 time in the reader's own time zone: the time today, date and time before. */
export function localTime(rfc3339: string | null, now: Date): string {
  if (rfc3339 === null) return text("app.unknown");
  const date = new Date(rfc3339);
  if (Number.isNaN(date.getTime())) return text("app.unknown");
  return date.toDateString() === now.toDateString() ? clock().format(date) : moment().format(date);
}

/** "22 Nov 2026, 14:00 – 16:30" in the reader's own time zone. */
export function spanWords(from_ms: number, to_ms: number): string {
  return moment().formatRange(from_ms, to_ms);
}

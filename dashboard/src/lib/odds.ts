// The lottery of solo mining, for what a person tries out on the page; src/insight/odds.h does the
// same for what the monitor tells. A hash reaches difficulty D with a probability of 1 / (D x 2^32).

const HASHES_PER_DIFFICULTY = 2 ** 32;
export const DAY_S = 86_400;
const YEAR_S = 31_557_600; // 365.25 days

export interface Chance {
  /** 0..1, that it happens within a day. */
  perDay: number;
  /** It happens on one day in so many; infinite when never. */
  oneIn: number;
  /** The mean wait in seconds; infinite when never. */
  mean_s: number;
}

/** Null when there is nothing to reckon with. */
export function chanceOf(hashrate_ghs: number | null, difficulty: number | null): Chance | null {
  if (hashrate_ghs === null || difficulty === null || !(difficulty > 0)) return null;
  const perSecond = (hashrate_ghs * 1e9) / (difficulty * HASHES_PER_DIFFICULTY);
  // expm1 stays exact where the chance is tiny.
  const perDay = -Math.expm1(-perSecond * DAY_S);
  return { perDay, oneIn: 1 / perDay, mean_s: 1 / perSecond };
}

/** Two digits are as much as is known: 4971026 is 5000000. */
export function roughly(value: number): number {
  if (!(value >= 100) || !Number.isFinite(value)) return Math.round(value);
  const unit = 10 ** (Math.floor(Math.log10(value)) - 1);
  return Math.round(value / unit) * unit;
}

export interface Wait {
  unit: "years" | "days" | "hours";
  count: number;
}

/** A long wait in the unit that a person would choose. */
export function waitOf(seconds: number): Wait {
  if (seconds >= 2 * YEAR_S) return { unit: "years", count: roughly(seconds / YEAR_S) };
  if (seconds >= 2 * DAY_S) return { unit: "days", count: roughly(seconds / DAY_S) };
  return { unit: "hours", count: Math.max(1, Math.round(seconds / 3600)) };
}

const LOWEST_GHS = 100;
const DECADES = 5; // to 10 PH/s

/** The slider goes by factors: 0..1 is 100 GH/s to 10 PH/s. */
export const hashrateAt = (place: number): number => LOWEST_GHS * 10 ** (place * DECADES);
export const placeOf = (ghs: number): number =>
  Math.min(1, Math.max(0, Math.log10(Math.max(ghs, LOWEST_GHS) / LOWEST_GHS) / DECADES));

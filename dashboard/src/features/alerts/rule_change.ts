// What a person typed into a rule's form, as the change that the API takes. Temperatures are typed
// in the unit that is shown and sent in degrees Celsius. Pure.
import type { Rule, RuleChange } from "@/api/types";
import { currentLanguage } from "@/lib/texts";
import { celsiusOf, shownDegrees } from "@/lib/units";

const CELSIUS = "°C";

/** As it is typed: no groups of digits, the decimal sign of the language. */
const typed = (value: number, decimals: number): string =>
  value.toLocaleString(currentLanguage(), { useGrouping: false, maximumFractionDigits: decimals });

/** Minutes are what people think in; "" is "as it comes". */
const minutes = (seconds: number | null): string =>
  seconds === null ? "" : typed(seconds / 60, 1);

export interface Fields {
  severity: Rule["severity"];
  limit: string;
  hold: string;
  reminder: string;
}

function shownLimit({ limit, unit }: Rule): string {
  if (limit === null) return "";
  return unit === CELSIUS ? typed(shownDegrees(limit), 1) : typed(limit, 3);
}

export function fieldsOf(rule: Rule): Fields {
  return {
    severity: rule.severity,
    limit: shownLimit(rule),
    hold: minutes(rule.hold_s),
    reminder: minutes(rule.reminder_s),
  };
}

/** These have limits of the owner's only, or of each model's own; those of others stand in `limit`. */
const LIMIT_MAY_BE_SET: readonly Rule["rule"][] = ["hashrate_low", "input_voltage"];

/** False for what is so or is not so, such as a silent miner. */
export const hasLimit = (rule: Rule): boolean =>
  rule.limit !== null || LIMIT_MAY_BE_SET.includes(rule.rule);

const read = (typed: string): number =>
  Number(typed.trim().replace("\u2212", "-").replace(",", "."));

const NUMBERS = ["limit", "hold", "reminder"] as const;
const WEEK_MIN = 7 * 24 * 60;

function isWrong(name: (typeof NUMBERS)[number], typed: string): boolean {
  if (typed.trim() === "") return false;
  const value = read(typed);
  return !Number.isFinite(value) || (name !== "limit" && (value < 0 || value > WEEK_MIN));
}

/** Those fields that hold neither a number that may be nor nothing. */
export function wrongFields(fields: Fields): ReadonlySet<keyof Fields> {
  return new Set(NUMBERS.filter((name) => isWrong(name, fields[name])));
}

const thousandths = (value: number): number => Math.round(value * 1000) / 1000;

function limitOf(typed: string, unit: string): number | null {
  if (typed.trim() === "") return null;
  const value = read(typed);
  return thousandths(unit === CELSIUS ? celsiusOf(value) : value);
}

const seconds = (typed: string): number | null =>
  typed.trim() === "" ? null : Math.round(read(typed) * 60);

/** Only what was touched; an emptied field takes the change back. */
export function changeOf(rule: Rule, after: Fields): RuleChange {
  const before = fieldsOf(rule);
  const change: RuleChange = {};
  if (after.severity !== before.severity) change.severity = after.severity;
  if (after.limit !== before.limit) change.limit = limitOf(after.limit, rule.unit);
  if (after.hold !== before.hold) change.hold_s = seconds(after.hold);
  if (after.reminder !== before.reminder) change.reminder_s = seconds(after.reminder);
  return change;
}

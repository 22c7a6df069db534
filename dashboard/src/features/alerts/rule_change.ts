// What a person typed into a rule's form, as the change that the API takes. Pure.
import type { Rule, RuleChange } from "@/api/types";

/** Minutes are what people think in; "" is "as it comes". */
const minutes = (seconds: number | null): string =>
  seconds === null ? "" : String(Math.round(seconds / 6) / 10);

export interface Fields {
  severity: Rule["severity"];
  limit: string;
  hold: string;
  reminder: string;
}

export function fieldsOf(rule: Rule): Fields {
  return {
    severity: rule.severity,
    limit: rule.limit === null ? "" : String(rule.limit),
    hold: minutes(rule.hold_s),
    reminder: minutes(rule.reminder_s),
  };
}

const read = (typed: string): number => Number(typed.trim().replace(",", "."));

/** Those fields that hold neither a number nor nothing. */
export function wrongFields(fields: Fields): ReadonlySet<keyof Fields> {
  const numbers = ["limit", "hold", "reminder"] as const;
  return new Set(
    numbers.filter((name) => fields[name].trim() !== "" && !Number.isFinite(read(fields[name]))),
  );
}

/** Only what was touched; an emptied field takes the change back. */
export function changeOf(before: Fields, after: Fields): RuleChange {
  const change: RuleChange = {};
  const number = (typed: string, factor: number): number | null =>
    typed.trim() === "" ? null : read(typed) * factor;
  if (after.severity !== before.severity) change.severity = after.severity;
  if (after.limit !== before.limit) change.limit = number(after.limit, 1);
  if (after.hold !== before.hold) change.hold_s = number(after.hold, 60);
  if (after.reminder !== before.reminder) change.reminder_s = number(after.reminder, 60);
  return change;
}

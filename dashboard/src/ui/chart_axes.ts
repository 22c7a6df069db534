// How the axes of a chart are labelled.
import type uPlot from "uplot";
import { dateFormat, numberFormat } from "@/lib/locale";
import { currentLanguage } from "@/lib/texts";

const MINUTE_S = 60;
const HOUR_S = 60 * MINUTE_S;
const DAY_S = 24 * HOUR_S;

/** Labels say hours and minutes, or days: two of them are at least a minute apart. */
export const TIME_STEPS_S = [
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE_S),
  ...[1, 2, 3, 6, 12].map((hours) => hours * HOUR_S),
  ...[1, 2, 7, 14, 30, 60, 90, 180, 365, 730].map((days) => days * DAY_S),
];

const clock = dateFormat({ hour: "2-digit", minute: "2-digit" });
const day = dateFormat({ day: "numeric", month: "short" });
const month = dateFormat({ month: "short", year: "numeric" });
const moment = dateFormat({
  day: "numeric",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
});

function isMidnight(at_s: number): boolean {
  const date = new Date(at_s * 1000);
  return date.getHours() === 0 && date.getMinutes() === 0;
}

/** The clock, the day where one begins, the month where steps are that long. */
export const timeLabels: uPlot.Axis.DynamicValues = (_, at, _axis, _space, step_s) =>
  at.map((at_s) => {
    if (step_s >= 28 * DAY_S) return month().format(at_s * 1000);
    return step_s >= DAY_S || isMidnight(at_s)
      ? day().format(at_s * 1000)
      : clock().format(at_s * 1000);
  });

/** The moment under the crosshair. */
export const momentLabel = (at_s: number): string => moment().format(at_s * 1000);

const large = numberFormat({ notation: "compact", maximumFractionDigits: 1 });

const plain = (value: number, decimals: number): string =>
  new Intl.NumberFormat(currentLanguage(), {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
    useGrouping: false,
  }).format(value);

/** As many decimals as the steps between the labels need, and no more; "50K" for 50,000. */
export function valueLabels(at: readonly number[], unitSize: number): string[] {
  const step = at.length > 1 ? ((at[1] ?? 0) - (at[0] ?? 0)) / unitSize : 1;
  const isWhole = (value: number): boolean => Math.abs(value - Math.round(value)) < 1e-6;
  const decimals = [0, 1, 2].find((places) => isWhole(step * 10 ** places)) ?? 3;
  const write = (value: number): string =>
    Math.abs(value) >= 10_000 ? large().format(value) : plain(value, decimals);
  return at.map((value) => write(value / unitSize));
}

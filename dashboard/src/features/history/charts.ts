// The charts of a miner's page as data: which metrics, lines, limits. Pure.
import type { Miner } from "@/api/types";
import * as format from "@/lib/format";
import {
  efficiencyOf,
  joinSeries,
  ratePerHour,
  spreadOf,
  verticalRange,
  type Series,
  type Value,
} from "@/lib/series";
import { shownDegrees, temperatureUnit } from "@/lib/units";
import { PLANS, type PlanRow } from "./chart_rows";
import { text } from "./texts";

export interface ChartLine {
  metric: string;
  label: string;
  colour: string;
  values: readonly Value[];
  dashed?: boolean;
  /** So much of the value above and below it is as good. */
  band?: number;
}

export interface ChartLimit {
  metric: string;
  label: string;
  value: number;
  colour: string;
}

export interface ChartPlan {
  key: string;
  title: string;
  lines: ChartLine[];
  limits: ChartLimit[];
  range: [number, number];
  format: (value: number | null) => string;
  /** What the axis counts in, and how much one of it is in the lines' own unit. */
  unit: string;
  unitSize: number;
}

/** A miner whose lines are drawn; the first is the page's own. */
export interface Drawn {
  name: string;
  series: Series;
}

/** The lines of miners to compare with, in the order in which they were chosen. */
const COMPARED_COLOURS = ["--chart-3", "--chart-4", "--chart-2"];
export const COMPARED_MOST = COMPARED_COLOURS.length;

/** Adds what is computed from what was read. */
function withComputed(series: Series): Series {
  const { times_s, values } = series;
  return {
    times_s,
    values: {
      ...values,
      efficiency: efficiencyOf(times_s, values.power_w ?? [], values.hashrate_ghs ?? []),
      accepted_rate: ratePerHour(times_s, values.shares_accepted ?? []),
      rejected_rate: ratePerHour(times_s, values.shares_rejected ?? []),
    },
  };
}

function isKnown(values: readonly Value[]): boolean {
  return values.some((value) => value != null);
}

function linesOf(row: PlanRow, drawn: readonly Drawn[], joined: Series): ChartLine[] {
  const lines = row.lines.flatMap((line) =>
    drawn.flatMap((miner, index): ChartLine[] => {
      if (index > 0 && line.compared === false) return [];
      const label = drawn.length > 1 && line.compared !== false ? miner.name : line.label();
      const colour = index === 0 ? line.colour : (COMPARED_COLOURS[index - 1] ?? "--ink-soft");
      const read = joined.values[`${line.metric}@${index}`] ?? [];
      const values = row.shown ? read.map((v) => (v == null ? v : row.shown?.(v))) : read;
      const look = { ...(line.dashed && { dashed: true }), ...(line.band && { band: line.band }) };
      return [{ metric: line.metric, label, colour, values, ...look }];
    }),
  );
  return lines.filter((line) => isKnown(line.values));
}

function limitsOf(key: string, lines: readonly ChartLine[], limits: Miner["limits"]): ChartLimit[] {
  if (key !== "temperature") return [];
  const rows = [
    { metric: "chip_temp_c", words: text("history.chipLimit"), value: limits.chip_warn_c },
    { metric: "vr_temp_c", words: text("history.vrLimit"), value: limits.vr_warn_c },
  ];
  return rows.flatMap(({ metric, words, value }) => {
    const line = lines.find((one) => one.metric === metric);
    if (value === null || !line) return [];
    const label = `${words} ${format.temperature(value)}`;
    return [{ metric, label, value: shownDegrees(value), colour: line.colour }];
  });
}

/** The band of a line is in sight, too. */
function bandTop({ band, values }: ChartLine): number[] {
  const most = spreadOf(values)?.max;
  return band === undefined || most === undefined ? [] : [most * (1 + band)];
}

/** Leaves out what no miner reports. `times_s` is the axis that all lines share. */
export function chartPlans(
  drawn: readonly Drawn[],
  limits: Miner["limits"],
): { times_s: number[]; plans: ChartPlan[] } {
  const joined = joinSeries(drawn.map((miner) => withComputed(miner.series)));
  const plans = PLANS.flatMap((row): ChartPlan[] => {
    const lines = linesOf(row, drawn, joined);
    if (lines.length === 0) return [];
    const drawnLimits = limitsOf(row.key, lines, limits);
    const columns = lines.map((line) => line.values);
    return [
      {
        key: row.key,
        title: row.title(),
        lines,
        limits: drawnLimits,
        range: verticalRange(
          columns,
          [...drawnLimits.map((limit) => limit.value), ...lines.flatMap(bandTop)],
          row.fromZero,
        ),
        format: row.format,
        ...axisUnit(row, columns),
      },
    ];
  });
  return { times_s: joined.times_s, plans };
}

/** GH/s or TH/s for the whole axis: labels of mixed units are hard to compare. */
function axisUnit(
  row: PlanRow,
  columns: readonly (readonly Value[])[],
): Pick<ChartPlan, "unit" | "unitSize"> {
  const high = Math.max(...columns.map((values) => spreadOf(values)?.max ?? 0));
  return row.unit === "GH/s" && high >= 1000
    ? { unit: "TH/s", unitSize: 1000 }
    : { unit: row.shown ? temperatureUnit() : row.unit, unitSize: 1 };
}

/** The chart in a sentence, for those who do not see it. */
export function describe(chart: ChartPlan, range: string): string {
  const series = chart.lines.map((l) => {
    const spread = spreadOf(l.values);
    if (!spread) return text("history.describe.none", { name: l.label });
    return text("history.describe.series", {
      name: l.label,
      min: chart.format(spread.min),
      max: chart.format(spread.max),
      last: chart.format(spread.last),
    });
  });
  return text("history.describe", { title: chart.title, range, series: series.join("; ") });
}

// The charts of a miner's page as data: which metrics, lines, limits. Pure.
import type { Miner } from "@/api/types";
import * as format from "@/lib/format";
import { spreadOf, verticalRange, type Series } from "@/lib/series";
import { text } from "@/lib/texts";

export interface ChartLine {
  metric: string;
  label: string;
  colour: string;
  values: readonly (number | null)[];
  dashed?: boolean;
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

/** Everything the charts need, asked for in one go. */
export const METRICS = [
  "hashrate_ghs",
  "expected_hashrate_ghs",
  "chip_temp_c",
  "vr_temp_c",
  "power_w",
  "fan_pct",
] as const;

type Metric = (typeof METRICS)[number];

function line(series: Series, metric: Metric, label: string, colour: string): ChartLine {
  return { metric, label, colour, values: series.values[metric] ?? [] };
}

function isKnown(chart: ChartLine): boolean {
  return chart.values.some((value) => value !== null);
}

/** Drops what the miner does not report, with its limits; null when nothing is left. */
function plan(base: Omit<ChartPlan, "range">, fromZero: boolean): ChartPlan | null {
  const lines = base.lines.filter(isKnown);
  if (lines.length === 0) return null;
  const limits = base.limits.filter((limit) => lines.some((l) => l.metric === limit.metric));
  return {
    ...base,
    lines,
    limits,
    range: verticalRange(
      lines.map((l) => l.values),
      limits.map((l) => l.value),
      fromZero,
    ),
  };
}

function limitLine(of: Omit<ChartLimit, "value">, value: number | null): ChartLimit[] {
  return value === null
    ? []
    : [{ ...of, label: `${of.label} ${format.temperature(value)}`, value }];
}

export function chartPlans(series: Series, limits: Miner["limits"]): ChartPlan[] {
  const plans = [
    plan(
      {
        key: "hashrate",
        title: text("history.hashrate"),
        lines: [
          line(series, "hashrate_ghs", text("history.hashrate"), "--chart-1"),
          {
            ...line(series, "expected_hashrate_ghs", text("history.expected"), "--ink-soft"),
            dashed: true,
          },
        ],
        limits: [],
        format: format.hashrate,
        ...hashrateUnit(series.values.hashrate_ghs ?? []),
      },
      true,
    ),
    plan(
      {
        key: "temperature",
        title: text("history.temperature"),
        lines: [
          line(series, "chip_temp_c", text("history.chip"), "--chart-1"),
          line(series, "vr_temp_c", text("history.vr"), "--chart-2"),
        ],
        limits: [
          ...limitLine(
            { metric: "chip_temp_c", label: text("history.chipLimit"), colour: "--chart-1" },
            limits.chip_warn_c,
          ),
          ...limitLine(
            { metric: "vr_temp_c", label: text("history.vrLimit"), colour: "--chart-2" },
            limits.vr_warn_c,
          ),
        ],
        format: (value) => format.temperature(value, 1),
        unit: "°C",
        unitSize: 1,
      },
      false,
    ),
    plan(
      {
        key: "power",
        title: text("history.power"),
        lines: [line(series, "power_w", text("history.power"), "--chart-1")],
        limits: [],
        format: (value) => format.joined(format.powerParts(value)),
        unit: "W",
        unitSize: 1,
      },
      true,
    ),
    plan(
      {
        key: "fan",
        title: text("history.fan"),
        lines: [line(series, "fan_pct", text("history.fanPct"), "--chart-1")],
        limits: [],
        format: (value) => format.joined(format.percentParts(value)),
        unit: "%",
        unitSize: 1,
      },
      true,
    ),
  ];
  return plans.filter((chart) => chart !== null);
}

/** GH/s or TH/s for the whole axis: labels of mixed units are hard to compare. */
function hashrateUnit(values: readonly (number | null)[]): Pick<ChartPlan, "unit" | "unitSize"> {
  const high = spreadOf(values)?.max ?? 0;
  return high < 1000 ? { unit: "GH/s", unitSize: 1 } : { unit: "TH/s", unitSize: 1000 };
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

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
import { text } from "./texts";

export interface ChartLine {
  metric: string;
  label: string;
  colour: string;
  values: readonly Value[];
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
  "shares_accepted",
  "shares_rejected",
  "error_pct",
  "wifi_rssi_dbm",
  "response_ms",
] as const;

/** A miner whose lines are drawn; the first is the page's own. */
export interface Drawn {
  name: string;
  series: Series;
}

/** What is drawn of a figure: its own line, and one more of each miner to compare with. */
interface LineRow {
  /** A metric, or one that is computed here. */
  metric: string;
  label: () => string;
  colour: string;
  dashed?: boolean;
  /** False: only of the page's own miner. */
  compared?: boolean;
}

interface PlanRow {
  key: string;
  title: () => string;
  lines: readonly LineRow[];
  fromZero: boolean;
  format: ChartPlan["format"];
  unit: string;
  /** Where the owner chose another unit: what is read, as it is drawn. */
  shown?: (value: number) => number;
}

const PLANS: readonly PlanRow[] = [
  {
    key: "hashrate",
    title: () => text("history.hashrate"),
    lines: [
      { metric: "hashrate_ghs", label: () => text("history.hashrate"), colour: "--chart-1" },
      {
        metric: "expected_hashrate_ghs",
        label: () => text("history.expected"),
        colour: "--ink-soft",
        dashed: true,
        compared: false,
      },
    ],
    fromZero: true,
    format: format.hashrate,
    unit: "GH/s",
  },
  {
    key: "temperature",
    title: () => text("history.temperature"),
    lines: [
      { metric: "chip_temp_c", label: () => text("history.chip"), colour: "--chart-1" },
      {
        metric: "vr_temp_c",
        label: () => text("history.vr"),
        colour: "--chart-2",
        compared: false,
      },
    ],
    fromZero: false,
    format: (value) => format.degrees(value, 1),
    unit: "°C",
    shown: shownDegrees,
  },
  {
    key: "power",
    title: () => text("history.power"),
    lines: [{ metric: "power_w", label: () => text("history.power"), colour: "--chart-1" }],
    fromZero: true,
    format: (value) => format.joined(format.powerParts(value)),
    unit: "W",
  },
  {
    key: "efficiency",
    title: () => text("history.efficiency"),
    lines: [{ metric: "efficiency", label: () => text("history.efficiency"), colour: "--chart-1" }],
    fromZero: false,
    format: (value) => format.joined(format.efficiencyParts(value)),
    unit: "J/TH",
  },
  {
    key: "fan",
    title: () => text("history.fan"),
    lines: [{ metric: "fan_pct", label: () => text("history.fanPct"), colour: "--chart-1" }],
    fromZero: true,
    format: (value) => format.joined(format.percentParts(value)),
    unit: "%",
  },
  {
    key: "shares",
    title: () => text("history.shares"),
    lines: [
      { metric: "accepted_rate", label: () => text("history.accepted"), colour: "--chart-1" },
      {
        metric: "rejected_rate",
        label: () => text("history.rejected"),
        colour: "--chart-2",
        compared: false,
      },
    ],
    fromZero: true,
    format: (value) => format.joined(format.countParts(value, text("history.perHour"))),
    unit: text("history.perHour"),
  },
  {
    key: "errors",
    title: () => text("history.errors"),
    lines: [{ metric: "error_pct", label: () => text("history.errors"), colour: "--chart-1" }],
    fromZero: true,
    format: (value) => format.joined(format.percentParts(value, 2)),
    unit: "%",
  },
  {
    key: "wifi",
    title: () => text("history.wifi"),
    lines: [{ metric: "wifi_rssi_dbm", label: () => text("history.wifi"), colour: "--chart-1" }],
    fromZero: false,
    format: (value) => format.joined(format.countParts(value, "dBm")),
    unit: "dBm",
  },
  {
    key: "response",
    title: () => text("history.response"),
    lines: [{ metric: "response_ms", label: () => text("history.response"), colour: "--chart-1" }],
    fromZero: true,
    format: (value) => format.joined(format.countParts(value, "ms")),
    unit: "ms",
  },
];

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
      return [{ metric: line.metric, label, colour, values, ...(line.dashed && { dashed: true }) }];
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
          drawnLimits.map((limit) => limit.value),
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

// The charts of a miner's page as a table: one row for each, in the order in which they stand.
import * as format from "@/lib/format";
import { shownDegrees } from "@/lib/units";
import { text } from "./texts";

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

/** What is drawn of a figure: its own line, and one more of each miner to compare with. */
export interface LineRow {
  /** A metric, or one that is computed here. */
  metric: string;
  label: () => string;
  colour: string;
  dashed?: boolean;
  band?: number;
  /** False: only of the page's own miner. */
  compared?: boolean;
}

export interface PlanRow {
  key: string;
  title: () => string;
  lines: readonly LineRow[];
  fromZero: boolean;
  format: (value: number | null) => string;
  unit: string;
  /** Where the owner chose another unit: what is read, as it is drawn. */
  shown?: (value: number) => number;
}

/** Readings of a few seconds swing by some percent; an average outside wants a look. */
const EXPECTED_BAND = 0.1;

export const PLANS: readonly PlanRow[] = [
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
        band: EXPECTED_BAND,
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

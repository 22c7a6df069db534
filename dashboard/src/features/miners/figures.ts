// The figures of a miner's page: what is shown, what it means and what is usual for this miner.
import glossary from "@texts/page/en/glossary.json";
import type { Miner } from "@/api/types";
import * as format from "@/lib/format";
import { temperatureGauge } from "@/lib/limits";
import type { Tone } from "@/lib/attention";
import { chipFacts } from "@/lib/chips";
import { findText, registerTexts, text, type TextValues } from "@/lib/texts";
import { duration } from "@/lib/time";

registerTexts(glossary);

export interface Figure {
  key: string;
  title: string;
  parts: format.Parts;
  aside?: string | null;
  tone?: Tone;
  meaning: string;
  normal: string | null;
  /** What to do when it is not as it should be. */
  advice: string | null;
}

const AWAY = ["offline", "unresponsive", "unknown"];

/** It gives no readings at all. */
export const isAway = ({ state }: Miner): boolean => AWAY.includes(state);

export const isKnown = ({ parts }: Figure): boolean => parts.value !== text("app.unknown");

interface Told {
  parts: format.Parts;
  aside?: string | null;
  tone?: Tone;
  /** For the sentence on what is usual; null: leave that sentence out. */
  normal?: TextValues | null;
}

/** The shorter sentence where a value for the longer one is not known. */
function normalOf(key: string, values: TextValues): string | null {
  const plain = findText(`glossary.${key}.normal.plain`, values);
  const isWhole = Object.values(values).every((value) => value !== "");
  return isWhole || plain === null ? findText(`glossary.${key}.normal`, values) : plain;
}

function figure(key: string, told: Told): Figure {
  const { normal = {} } = told;
  return {
    key,
    title: findText(`glossary.${key}`) ?? key,
    parts: told.parts,
    aside: told.aside ?? null,
    tone: told.tone ?? "good",
    meaning: findText(`glossary.${key}.meaning`) ?? "",
    normal: normal === null ? null : normalOf(key, normal),
    advice: findText(`glossary.${key}.advice`),
  };
}

function heat(
  key: string,
  celsius: number | null,
  warn: number | null,
  trip: number | null,
): Figure {
  return figure(key, {
    parts: format.temperatureParts(celsius, 1),
    tone: temperatureGauge(celsius, warn, trip).tone,
    aside:
      warn === null || celsius === null
        ? null
        : text("miner.limit", { limit: format.temperature(warn) }),
    normal:
      warn === null || trip === null
        ? null
        : { warn: format.temperature(warn), trip: format.temperature(trip) },
  });
}

/** "525 MHz", "500 – 600 MHz". */
function spanOf(span: readonly [number, number] | undefined, unit: string): string {
  if (!span) return "";
  const [low, high] = span;
  if (low === high) return format.joined(format.countParts(low, unit));
  return `${format.joined(format.countParts(low))} – ${format.joined(format.countParts(high, unit))}`;
}

export function figuresOf(miner: Miner): Figure[] {
  const { sample, limits, best_diff_ever } = miner;
  const chip = miner.asic_model ?? "";
  const facts = chipFacts(miner.asic_model);
  const expected = sample.expected_hashrate_ghs;
  const best = best_diff_ever ?? sample.best_diff;
  return [
    figure("hashrate_ghs", {
      parts: format.hashrateParts(sample.hashrate_ghs),
      aside:
        sample.hashrate_ghs === null || expected === null
          ? null
          : text("fleet.ofExpected", { percent: format.percentOf(sample.hashrate_ghs, expected) }),
      normal: expected === null ? null : { expected: format.hashrate(expected) },
    }),
    heat("chip_temp_c", sample.chip_temp_c, limits.chip_warn_c, limits.chip_trip_c),
    heat("vr_temp_c", sample.vr_temp_c, limits.vr_warn_c, limits.vr_trip_c),
    figure("power_w", {
      parts: format.powerParts(sample.power_w),
      normal:
        sample.power_w === null
          ? null
          : {
              energy: format.energyPerDay(sample.power_w),
              max:
                limits.power_max_w === null
                  ? ""
                  : format.joined(format.powerParts(limits.power_max_w)),
            },
    }),
    figure("efficiency_j_th", {
      parts: format.efficiencyParts(sample.efficiency_j_th),
      normal: { chip, low: facts?.efficiency_j_th[0] ?? "", high: facts?.efficiency_j_th[1] ?? "" },
    }),
    figure("fan_pct", {
      parts: format.percentParts(sample.fan_pct),
      aside:
        sample.fan_rpm === null ? null : format.joined(format.countParts(sample.fan_rpm, "rpm")),
    }),
    figure("frequency_mhz", {
      parts: format.countParts(sample.frequency_mhz, "MHz"),
      normal: facts ? { chip, usual: spanOf(facts.frequency_mhz, "MHz") } : null,
    }),
    figure("core_voltage_mv", {
      parts: format.countParts(sample.core_voltage_mv, "mV"),
      normal:
        sample.core_voltage_actual_mv === null
          ? null
          : {
              actual: format.joined(format.countParts(sample.core_voltage_actual_mv, "mV")),
              chip,
              usual: spanOf(facts?.core_voltage_mv, "mV"),
            },
    }),
    figure("input_voltage_mv", {
      parts: format.voltageParts(sample.input_voltage_mv),
      normal:
        limits.input_min_mv === null || limits.input_max_mv === null
          ? null
          : { min: format.voltage(limits.input_min_mv), max: format.voltage(limits.input_max_mv) },
    }),
    figure("shares_accepted", {
      parts: format.countParts(sample.shares_accepted),
      normal:
        sample.shares_rejected === null
          ? null
          : { rejected: format.joined(format.countParts(sample.shares_rejected)) },
    }),
    figure("error_pct", { parts: format.percentParts(sample.error_pct, 2) }),
    figure("best_diff", {
      parts: format.difficultyParts(best),
      normal:
        sample.best_session_diff === null
          ? null
          : { session: format.difficulty(sample.best_session_diff) },
    }),
    figure("uptime_s", { parts: { value: duration(sample.uptime_s), unit: "" } }),
    figure("wifi_rssi_dbm", { parts: format.countParts(sample.wifi_rssi_dbm, "dBm") }),
    figure("response_ms", { parts: format.countParts(sample.response_ms, "ms") }),
  ];
}

import { describe, expect, it } from "vitest";
import type { Miner } from "@/api/types";
import { figuresOf } from "./figures";

const NOTHING = new Proxy({}, { get: () => null });
const plain = (shown: string | null | undefined): string => (shown ?? "").replaceAll("\u00a0", " ");

function miner(sample: object, limits: object): Miner {
  return {
    best_diff_ever: null,
    sample: { ...empty("sample"), ...sample },
    limits: { ...empty("limits"), ...limits },
  } as unknown as Miner;
}

function empty(part: "sample" | "limits"): object {
  const names =
    part === "limits"
      ? ["chip_warn_c", "chip_trip_c", "vr_warn_c", "vr_trip_c", "input_min_mv", "input_max_mv"]
      : [
          "hashrate_ghs",
          "expected_hashrate_ghs",
          "chip_temp_c",
          "vr_temp_c",
          "power_w",
          "efficiency_j_th",
          "fan_pct",
          "fan_rpm",
          "frequency_mhz",
          "core_voltage_mv",
          "core_voltage_actual_mv",
          "input_voltage_mv",
          "shares_accepted",
          "shares_rejected",
          "error_pct",
          "best_diff",
          "best_session_diff",
          "uptime_s",
          "wifi_rssi_dbm",
          "response_ms",
        ];
  return Object.fromEntries(names.map((name) => [name, null]));
}

describe("figures", () => {
  it("shows dashes and no made-up norms while nothing is known", () => {
    const unknown = figuresOf({
      best_diff_ever: null,
      sample: NOTHING,
      limits: NOTHING,
    } as unknown as Miner);
    expect(unknown.every((figure) => figure.parts.value === "–")).toBe(true);
    expect(unknown.every((figure) => !figure.normal?.includes("{{"))).toBe(true);
  });

  it("explains every figure", () => {
    expect(figuresOf(miner({}, {})).filter((figure) => figure.meaning === "")).toEqual([]);
  });

  it("tells the limits of this very board", () => {
    const chip = figuresOf(miner({ chip_temp_c: 71.2 }, { chip_warn_c: 65, chip_trip_c: 75 }))[1];
    expect(chip?.tone).toBe("warn");
    expect(plain(chip?.normal)).toContain("up to 65 °C is fine, at 75 °C");
  });

  it("says of every figure what to do when it is not as it should be", () => {
    expect(figuresOf(miner({}, {})).filter((figure) => !figure.advice)).toEqual([]);
  });

  it("knows what is usual for this very chip, and says less of an unknown one", () => {
    const told = (asic_model: string | null, key: string): string =>
      plain(
        figuresOf({ ...miner({ core_voltage_actual_mv: 1146 }, {}), asic_model }).find(
          (figure) => figure.key === key,
        )?.normal,
      );
    expect(told("BM1370", "efficiency_j_th")).toBe("With a BM1370 chip 14 to 20 J/TH is usual.");
    expect(told("BM1370", "frequency_mhz")).toContain("400 – 600 MHz");
    expect(told("BM1366", "frequency_mhz")).toContain("leaves the factory at 485 MHz");
    expect(told("BM1366", "core_voltage_mv")).toContain("1,200 mV. Measured right now: 1,146 mV");
    expect(told(null, "core_voltage_mv")).toMatch(/^Measured right now/);
    expect(told("BM9999", "efficiency_j_th")).toContain("A Bitaxe with a recent chip");
    expect(told(null, "frequency_mhz")).toBe("");
  });

  it("compares the hashrate with what is expected", () => {
    const hashrate = figuresOf(miner({ hashrate_ghs: 1050, expected_hashrate_ghs: 1071 }, {}))[0];
    expect(plain(hashrate?.aside)).toBe("98 % of expected");
  });
});

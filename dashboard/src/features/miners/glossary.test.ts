// The page, the interface and the chat explain a figure with the same words: what the page says is
// the whole of it, or its beginning where the page goes on with the values of this very miner.
import { describe, expect, it } from "vitest";
import monitor from "@texts/en.json";
import page from "@texts/page/en/glossary.json";

const TERMS: Record<string, string> = {
  hashrate_ghs: "hashrate",
  chip_temp_c: "chip_temp",
  vr_temp_c: "vr_temp",
  power_w: "power",
  efficiency_j_th: "efficiency",
  fan_pct: "fan",
  frequency_mhz: "frequency",
  core_voltage_mv: "core_voltage",
  input_voltage_mv: "input_voltage",
  wifi_rssi_dbm: "wifi",
  uptime_s: "uptime",
  shares_accepted: "share",
  best_diff: "best_difficulty",
  error_pct: "chip_errors",
  response_ms: "answer_time",
};

const told: Record<string, string> = monitor;
const meanings = Object.entries(page).filter(([key]) => key.endsWith(".meaning"));

describe("the glossary of the page", () => {
  it("explains the figures that are named here and no others", () => {
    const figures = meanings.map(([key]) => key.split(".")[1]);
    expect(figures.sort()).toEqual(Object.keys(TERMS).sort());
  });

  it.each(meanings)("%s has the monitor's words", (key, meaning) => {
    const term = TERMS[key.split(".")[1] ?? ""] ?? "";
    const whole = told[`glossary.${term}.meaning`] ?? "";
    expect(whole.slice(0, meaning.length)).toBe(meaning);
    expect(meaning).toMatch(/\.$|expect drop-outs\.$/);
  });
});

import { beforeAll, describe, expect, it, vi } from "vitest";
import monitor from "@texts/en.json";
import type { Device } from "@/api/device";
import type { Miner } from "@/api/types";
import { factGroups, type Fact } from "./facts";

const NOW = new Date("2026-11-22T16:00:00Z");
const NOTHING = new Proxy({}, { get: () => null });

const unknownMiner = {
  model: null,
  asic_model: null,
  asic_count: null,
  firmware: null,
  address: "http://192.168.1.50",
  hostname: null,
  mac: null,
  pool: null,
  best_diff_ever: null,
  created_at: null,
  seen_at: null,
  sample: NOTHING,
} as unknown as Miner;

const device: Device = {
  web_version: null,
  reset_reason: null,
  ip: null,
  pool_user: null,
  pool_tls: null,
  fallback_pool: null,
  fan: { mode: null, target_c: null, set_pct: null },
  frequency_actual_mhz: null,
};

const knownMiner = {
  model: "Bitaxe Gamma 601",
  asic_model: "BM1370",
  asic_count: 1,
  firmware: "v2.12.2",
  address: "http://bitaxe.local",
  hostname: "bitaxe",
  mac: "02:00:00:00:00:01",
  pool: { host: "pool.example", port: 3333, fallback: false },
  best_diff_ever: 4_290_000,
  created_at: "2026-11-20T16:00:00Z",
  seen_at: "2026-11-22T15:59:56Z",
  sample: {
    uptime_s: 90_000,
    frequency_mhz: 525,
    core_voltage_mv: 1150,
    core_voltage_actual_mv: 1146,
    wifi_rssi_dbm: -55,
    pool_difficulty: 2048,
    best_diff: 4_290_000,
    best_session_diff: 1_000_000,
    blocks_found: 0,
  },
} as unknown as Miner;

const knownDevice: Device = {
  web_version: "v2.9.0",
  reset_reason: "Power on reset",
  ip: "192.168.1.50",
  pool_user: "bc1qxy...0wlh.rig",
  pool_tls: true,
  fallback_pool: { host: "backup.example", port: 4444 },
  fan: { mode: "target", target_c: 60, set_pct: null },
  frequency_actual_mhz: 525,
};

const all = (miner: Miner, told: Device | null): Fact[] =>
  factGroups(miner, told, NOW).flatMap(({ facts }) => facts);
const named = (facts: Fact[], title: string): string | null | undefined =>
  facts.find((fact) => fact.title === title)?.value;

beforeAll(() => {
  vi.stubGlobal("navigator", { languages: ["en-GB"] });
});

describe("the facts of a device", () => {
  it("are not told while they are not known", () => {
    expect(all(unknownMiner, null).map((fact) => fact.title)).toEqual(["Address"]);
  });

  it("are each explained by a word of the glossary or a sentence of their own", () => {
    const words: Record<string, string> = monitor;
    const facts = all(knownMiner, knownDevice);
    expect(facts.length).toBe(23);
    const unexplained = facts.filter(
      ({ meaning, term }) => !meaning && !words[`glossary.${term}.meaning`],
    );
    expect(unexplained).toEqual([]);
  });

  it("speak of the page's own version only where an update was done by half", () => {
    const miner = { ...unknownMiner, firmware: "v2.12.2" };
    const shown = (web: string | null): string | null | undefined =>
      named(all(miner, { ...device, web_version: web }), "Page version");
    expect(shown("v2.12.2")).toBeUndefined();
    expect(shown("Unified")).toBeUndefined();
    expect(shown("v2.9.0")).toBe("v2.9.0");
  });

  it("tell an IP address that the address does not say already", () => {
    const shown = (address: string): string | null | undefined =>
      named(all({ ...unknownMiner, address }, { ...device, ip: "192.168.1.50" }), "IP address");
    expect(shown("http://192.168.1.50")).toBeUndefined();
    expect(shown("http://bitaxe.local")).toBe("192.168.1.50");
  });

  it("say when there is no fallback pool, and which pool is in use", () => {
    const pool = { host: "backup.example", port: 3333, fallback: true };
    const facts = all({ ...unknownMiner, pool }, device);
    expect(named(facts, "Fallback pool")).toBe("none set");
    expect(named(facts, "Pool")).toBe("backup.example:3333 (fallback pool)");
    const with_one = { ...device, fallback_pool: { host: "b.example", port: null } };
    expect(named(all(unknownMiner, with_one), "Fallback pool")).toBe("b.example");
  });
});

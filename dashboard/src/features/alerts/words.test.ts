import { afterEach, describe, expect, it } from "vitest";
import type { Channel, Episode } from "@/api/types";
import { showTemperaturesIn } from "@/lib/units";
import { channelName, measured, standing, toneOf, whose, withUnit } from "./words";

const at = (minute: number): string => new Date(minute * 60_000).toISOString();
const plain = (words: string | null): string => (words ?? "").replaceAll("\u00a0", " ");

const hot = {
  id: 1,
  miner_id: 1,
  miner_name: "Kitchen",
  rule: "chip_temp",
  unit: "°C",
  severity: "warning",
  good_news: false,
  drill: false,
  state: "open",
  since: at(0),
  raised_at: at(1),
  acknowledged_at: null,
  ended_at: null,
  value: 73.14,
  limit: 68,
  worst: 75.2,
} as Episode;

describe("an episode in words", () => {
  afterEach(() => showTemperaturesIn("C"));

  it("says what was measured, with as much as is known", () => {
    expect(plain(measured(hot))).toBe("73.1 °C (limit 68 °C), at worst 75.2 °C");
    expect(plain(measured({ ...hot, limit: null, worst: 73.14 }))).toBe("73.1 °C");
    expect(measured({ ...hot, value: null })).toBeNull();
    expect(withUnit(0.346, "")).toBe("0.35");
    expect(plain(withUnit(4.75, "V"))).toBe("4.75 V");
  });

  it("says temperatures in the unit that the reader chose", () => {
    showTemperaturesIn("F");
    expect(plain(measured(hot))).toBe("164 °F (limit 154 °F), at worst 167 °F");
    expect(plain(withUnit(5, "%"))).toBe("5 %");
  });

  it("says how long it lasts, or lasted", () => {
    expect(plain(standing(hot, 12 * 60_000))).toContain("12 min");
    expect(plain(standing({ ...hot, state: "over", ended_at: at(31) }, 0))).toContain("31 min");
    expect(standing({ ...hot, acknowledged_at: at(2) }, 60_000)).not.toBe(standing(hot, 60_000));
  });

  it("is loud only while it is open", () => {
    expect(toneOf(hot)).toBe("warn");
    expect(toneOf({ ...hot, severity: "critical" })).toBe("bad");
    expect(toneOf({ ...hot, severity: "critical", state: "over" })).toBe("calm");
    expect(toneOf({ ...hot, good_news: true, state: "moment" })).toBe("good");
  });

  it("names the monitor, a drill and a miner that is gone as such", () => {
    expect(whose(hot)).toBe("Kitchen");
    expect(whose({ ...hot, miner_id: null, miner_name: null })).toBe("The monitor");
    expect(whose({ ...hot, miner_name: null })).toBe("A removed miner");
    expect(whose({ ...hot, drill: true, miner_name: null })).toBe("Fire drill");
  });

  it("names who was told as the channels are called", () => {
    const channels = [
      { id: 0, name: "Telegram" },
      { id: 12, name: "Anna's phone" },
    ] as Channel[];
    expect(channelName("telegram", channels)).toBe("Telegram");
    expect(channelName("c12", channels)).toBe("Anna's phone");
    expect(channelName("c3", channels)).toBe("A removed channel");
    expect(channelName("c12", undefined)).toBe("–");
  });
});

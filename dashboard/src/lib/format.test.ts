import { describe, expect, it } from "vitest";
import {
  difficulty,
  energyPerDay,
  hashrate,
  joined,
  percentOf,
  powerParts,
  temperature,
  voltage,
} from "./format";

const plain = (shown: string): string => shown.replaceAll("\u00a0", " ");

describe("format", () => {
  it("shows unknown as a dash, never as zero", () => {
    for (const shown of [
      hashrate(null),
      difficulty(null),
      temperature(null),
      voltage(null),
      percentOf(1, null),
      percentOf(1, 0),
      energyPerDay(null),
    ]) {
      expect(shown).toBe("–");
    }
  });

  it("shows a real zero as zero", () => {
    expect(plain(hashrate(0))).toBe("0 GH/s");
    expect(difficulty(0)).toBe("0");
  });

  it.each([
    [512.4, "512 GH/s"],
    [999.6, "1.00 TH/s"],
    [1071.3, "1.07 TH/s"],
    [14_300, "14.3 TH/s"],
    [1_250_000, "1.25 PH/s"],
    [0.25, "250 MH/s"],
  ])("picks the unit of a hashrate: %d", (ghs, shown) => {
    expect(plain(hashrate(ghs))).toBe(shown);
  });

  it.each([
    [812, "812"],
    [8192, "8.19 k"],
    [120_000_000, "120 M"],
    [4_290_000_000, "4.29 G"],
    [9_999_999_999_999, "10.0 T"],
  ])("shortens a difficulty: %d", (value, shown) => {
    expect(plain(difficulty(value))).toBe(shown);
  });

  it("keeps value and unit on one line", () => {
    expect(joined(powerParts(18.44))).toBe("18.4\u00a0W");
    expect(plain(joined(powerParts(3250)))).toBe("3.25 kW");
  });

  it("tells what a day of power adds up to", () => {
    expect(plain(energyPerDay(18.4))).toBe("0.44 kWh");
  });

  it("rounds shares to whole percents", () => {
    expect(plain(percentOf(1049, 1071))).toBe("98 %");
  });
});

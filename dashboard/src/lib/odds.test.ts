import { describe, expect, it } from "vitest";
import { chanceOf, hashrateAt, placeOf, roughly, waitOf } from "./odds";

describe("chanceOf", () => {
  it("is what the monitor reckons: 1 TH/s at difficulty 1e14", () => {
    const chance = chanceOf(1000, 1e14);
    expect(chance?.oneIn).toBeCloseTo(4_971_027.46, 0);
    expect((chance?.mean_s ?? 0) / 31_557_600).toBeCloseTo(13_609.93, 1);
  });

  it("never exceeds certainty", () => {
    expect(chanceOf(1e9, 1)?.perDay).toBe(1);
  });

  it("is never without hashrate, and unknown without a difficulty", () => {
    expect(chanceOf(0, 1e14)?.oneIn).toBe(Infinity);
    expect(chanceOf(null, 1e14)).toBeNull();
    expect(chanceOf(1000, null)).toBeNull();
    expect(chanceOf(1000, 0)).toBeNull();
  });
});

describe("roughly", () => {
  it("keeps two digits of what is large and all of what is small", () => {
    expect(roughly(4_971_026)).toBe(5_000_000);
    expect(roughly(13_609)).toBe(14_000);
    expect(roughly(42.4)).toBe(42);
    expect(roughly(Infinity)).toBe(Infinity);
  });
});

describe("waitOf", () => {
  it("takes the unit that a person would", () => {
    expect(waitOf(31_557_600 * 13_610)).toEqual({ unit: "years", count: 14_000 });
    expect(waitOf(86_400 * 12)).toEqual({ unit: "days", count: 12 });
    expect(waitOf(5000)).toEqual({ unit: "hours", count: 1 });
  });
});

describe("the slider", () => {
  it("goes by factors and comes back to where it was", () => {
    expect(hashrateAt(0)).toBe(100);
    expect(hashrateAt(1)).toBeCloseTo(1e7);
    expect(hashrateAt(placeOf(1071))).toBeCloseTo(1071);
  });

  it("stops at its ends", () => {
    expect(placeOf(0)).toBe(0);
    expect(placeOf(1e12)).toBe(1);
  });
});

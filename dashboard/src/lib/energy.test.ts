import { describe, expect, it } from "vitest";
import { energy_kwh, likenessOf, readPrice } from "./energy";

describe("energy_kwh", () => {
  it("is watts kept up for a day, a mean month, a year", () => {
    expect(energy_kwh(20, "day")).toBeCloseTo(0.48);
    expect(energy_kwh(20, "year")).toBeCloseTo(175.32);
    expect(energy_kwh(20, "month") * 12).toBeCloseTo(energy_kwh(20, "year"));
  });
});

describe("likenessOf", () => {
  it("compares with something of the same size", () => {
    expect(likenessOf(18.4)).toEqual({ key: "bulb", amount: 20 });
    expect(likenessOf(80)).toEqual({ key: "person", amount: 80 });
    expect(likenessOf(240)).toEqual({ key: "candle", amount: 3 });
    expect(likenessOf(3000)).toEqual({ key: "heater", amount: 150 });
  });
});

describe("readPrice", () => {
  it("takes a point or a comma and nothing else", () => {
    expect(readPrice(" 0,30 ")).toBe(0.3);
    expect(readPrice("0.285")).toBe(0.285);
    expect(readPrice("")).toBeNull();
    expect(readPrice("-1")).toBeNull();
    expect(readPrice("cheap")).toBeNull();
  });
});

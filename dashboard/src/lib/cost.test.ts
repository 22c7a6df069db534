import { describe, expect, it } from "vitest";
import { costOf, money } from "./cost";

const price = { electricity_price_per_kwh: 0.3, currency: "EUR" };

describe("cost", () => {
  it("is what the energy of so many days costs", () => {
    expect(costOf(50, 1, price)).toMatch(/0\.36/);
    expect(costOf(50, 365, price)).toMatch(/131\.40/);
  });

  it("is not known without a price or a figure", () => {
    expect(costOf(null, 1, price)).toBeNull();
    expect(costOf(50, 1, undefined)).toBeNull();
    expect(costOf(50, 1, { electricity_price_per_kwh: null, currency: "EUR" })).toBeNull();
  });

  it("does not round a small amount away", () => {
    expect(money(0.0046, "EUR")).toMatch(/0\.0046/);
  });

  it("is a plain number without a currency", () => {
    expect(money(1.234, null)).toBe("1.23");
  });
});

import { describe, expect, it } from "vitest";
import { currencyOptions, guessCurrency, readPrice } from "./currencies";

describe("currencies", () => {
  it("are guessed from the language", () => {
    expect(guessCurrency("en-GB")).toBe("GBP");
    expect(guessCurrency("de-CH")).toBe("CHF");
    expect(guessCurrency("de")).toBe("EUR");
  });

  it("always have the one that is chosen among them", () => {
    expect(currencyOptions("XAX").map(({ value }) => value)).toContain("XAX");
    expect(currencyOptions("EUR").length).toBeGreaterThan(100);
  });
});

describe("a price", () => {
  it("is read with a point or a comma", () => {
    expect(readPrice(" 0,305 ")).toBe(0.305);
    expect(readPrice("0.3")).toBe(0.3);
    expect(readPrice("0")).toBe(0);
  });

  it("is refused when it is none", () => {
    expect(readPrice("")).toBeNull();
    expect(readPrice("cheap")).toBeNull();
    expect(readPrice("-1")).toBeNull();
  });
});

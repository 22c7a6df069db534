import { afterEach, describe, expect, it } from "vitest";
import { temperature } from "./format";
import { celsiusOf, shownDegrees, showTemperaturesIn, temperatureUnit } from "./units";

describe("temperature units", () => {
  afterEach(() => showTemperaturesIn("C"));

  it("are degrees Celsius unless chosen otherwise", () => {
    expect(temperature(65.5, 1)).toBe("65.5\u00a0°C");
  });

  it("can be degrees Fahrenheit", () => {
    showTemperaturesIn("F");
    expect(temperature(65)).toBe("149\u00a0°F");
    expect(shownDegrees(-40)).toBe(-40);
    expect(temperatureUnit()).toBe("°F");
    expect(temperature(null)).toBe("–");
  });

  it("are read back as they are shown", () => {
    expect(celsiusOf(60)).toBe(60);
    expect(celsiusOf(140, "F")).toBe(60);
    showTemperaturesIn("F");
    expect(celsiusOf(140)).toBe(60);
    expect(celsiusOf(140, "C")).toBe(140);
    for (const celsius of [-40, 0, 61.5, 105]) {
      expect(celsiusOf(shownDegrees(celsius))).toBeCloseTo(celsius, 10);
    }
  });
});

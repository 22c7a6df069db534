import { describe, expect, it } from "vitest";
import { hashrateFill, temperatureGauge } from "./limits";

describe("limits", () => {
  it("knows fine, warm and too hot", () => {
    expect(temperatureGauge(58, 65, 75).tone).toBe("good");
    expect(temperatureGauge(65, 65, 75).tone).toBe("warn");
    expect(temperatureGauge(75, 65, 75).tone).toBe("bad");
  });

  it("fills the bar completely where the firmware switches off", () => {
    expect(temperatureGauge(75, 65, 75).fill).toBe(1);
    expect(temperatureGauge(130, 65, 75).fill).toBe(1);
    expect(temperatureGauge(-10, 65, 75).fill).toBe(0);
  });

  it("claims nothing about an unknown temperature or an unknown board", () => {
    expect(temperatureGauge(null, 65, 75)).toEqual({ tone: "calm", fill: null, mark: 0.8 });
    expect(temperatureGauge(90, null, null)).toMatchObject({ tone: "good", mark: null });
  });

  it("needs an expected hashrate to compare with", () => {
    expect(hashrateFill(500, 1000)).toBe(0.5);
    expect(hashrateFill(1200, 1000)).toBe(1);
    expect(hashrateFill(500, null)).toBeNull();
    expect(hashrateFill(500, 0)).toBeNull();
  });
});

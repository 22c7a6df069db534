import { describe, expect, it } from "vitest";
import { sparkPath } from "./Sparkline";

describe("sparkline", () => {
  it("lifts the pen over what is unknown", () => {
    const path = sparkPath({ places: [0, 0.25, 0.5, 1], values: [0, null, 1, 0.5] });
    expect(path).toBe("M0.0 41.0M120.0 3.0L240.0 22.0");
  });

  it("draws nothing of nothing", () => {
    expect(sparkPath({ places: [], values: [] })).toBe("");
  });
});

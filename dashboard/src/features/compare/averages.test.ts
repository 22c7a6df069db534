import { describe, expect, it } from "vitest";
import type { History } from "@/api/types";
import { averagesOf, verdict } from "./averages";

const history = {
  columns: ["at_ms", "hashrate_ghs", "power_w", "chip_temp_c"],
  data: [
    [10, 20, 30, 40],
    [1000, 1100, null, 9999],
    [18, 20, null, 99],
    [60, 62, null, 99],
  ],
} as unknown as History;

describe("before and after", () => {
  it("averages what is known inside the stretch alone", () => {
    const averages = averagesOf(history, { from_ms: 10, to_ms: 40 });
    expect(averages.hashrate_ghs).toBe(1050);
    expect(averages.chip_temp_c).toBe(61);
    expect(averages.efficiency_j_th).toBeCloseTo(18.1, 1);
    expect(averages.error_pct).toBeNull();
  });

  it("says what got better, and calls noise the same", () => {
    expect(verdict(1000, 1100, true)).toBe("better");
    expect(verdict(60, 66, false)).toBe("worse");
    expect(verdict(1000, 1005, true)).toBe("same");
    expect(verdict(null, 5, true)).toBe("unknown");
  });
});

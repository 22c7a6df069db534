import { describe, expect, it } from "vitest";
import {
  efficiencyOf,
  joinSeries,
  ratePerHour,
  spreadOf,
  toSeries,
  valueAt,
  verticalRange,
  windowOf,
} from "./series";

const every10s = (...at: number[]): number[] => at.map((n) => n * 10_000);

describe("series", () => {
  it("picks the wanted columns by name, whatever their order", () => {
    const input = {
      columns: ["at_ms", "power_w", "chip_temp_c"],
      data: [every10s(1, 2), [18, 19], [58, 59]],
    };
    const series = toSeries(input, ["chip_temp_c"]);
    expect(series).toEqual({ times_s: [10, 20], values: { chip_temp_c: [58, 59] } });
  });

  it("fills a column that the answer does not have with unknown", () => {
    const input = { columns: ["at_ms"], data: [every10s(1, 2)] };
    expect(toSeries(input, ["fan_pct"]).values.fan_pct).toEqual([null, null]);
  });

  it("survives an answer without any sample", () => {
    expect(
      toSeries({ columns: ["at_ms", "power_w"], data: [[], []] }, ["power_w"]).times_s,
    ).toEqual([]);
    expect(toSeries({ columns: [], data: [] }, ["power_w"]).values.power_w).toEqual([]);
  });

  it("puts series of different times on one axis without inventing or breaking anything", () => {
    const joined = joinSeries([
      { times_s: [1, 3, 5], values: { power_w: [10, null, 12] } },
      { times_s: [2, 3], values: { power_w: [7, 8] } },
    ]);
    expect(joined.times_s).toEqual([1, 2, 3, 5]);
    expect(joined.values["power_w@0"]).toEqual([10, undefined, null, 12]);
    expect(joined.values["power_w@1"]).toEqual([undefined, 7, 8, undefined]);
  });

  it("shows under the crosshair the newest value before it, and nothing inside a gap", () => {
    expect(valueAt([1, undefined, undefined], 2)).toBe(1);
    expect(valueAt([1, null, undefined], 2)).toBeNull();
    expect(valueAt([], 0)).toBeNull();
  });

  it("tells lowest, highest and last, where the last may be unknown", () => {
    expect(spreadOf([3, null, 1, 2])).toEqual({ min: 1, max: 3, last: 2 });
    expect(spreadOf([3, null])).toEqual({ min: 3, max: 3, last: null });
    expect(spreadOf([null, undefined])).toBeNull();
  });

  it("keeps limits inside the picture and starts at zero when asked", () => {
    const [low, high] = verticalRange([[58, 61]], [70], false);
    expect(low).toBeLessThan(58);
    expect(high).toBeGreaterThan(70);
    expect(verticalRange([[1000]], [], true)[0]).toBe(0);
    expect(verticalRange([[null, undefined]], [], true)).toEqual([0, 1]);
  });

  it("turns a counter into its growth an hour, and takes a restart for what it is", () => {
    // 960 s in steps of 10 s, one share each: 360 an hour.
    const times_s = Array.from({ length: 97 }, (_, i) => i * 10);
    const even = ratePerHour(
      times_s,
      times_s.map((_, i) => 1000 + i),
    );
    expect(even[50]).toBeCloseTo(360);
    // It restarted at the 50th step: what it counts from then on is new, never negative.
    const restarted = ratePerHour(
      times_s,
      times_s.map((_, i) => (i < 50 ? 1000 + i : i - 50)),
    );
    expect(Math.min(...restarted.filter((rate) => rate != null))).toBeGreaterThanOrEqual(0);
    expect(restarted[60]).toBeCloseTo(360);
  });

  it("keeps the gaps of a counter", () => {
    expect(ratePerHour([0, 10, 20], [1, null, 2])[1]).toBeNull();
  });

  it("divides power by hashrate only where both are known and something is hashed", () => {
    expect(efficiencyOf([0, 10], [18, 18], [1000, 0])).toEqual([18, null]);
    expect(efficiencyOf([0, 10], [null, 18], [1000, null])).toEqual([null, null]);
    expect(efficiencyOf([], [], [])).toEqual([]);
  });

  it("shows the whole range once the history fills it", () => {
    const hour = 3_600_000;
    expect(windowOf([1010], 1000 * 1000 + hour, hour)).toEqual([1000, 4600]);
  });

  it("begins with the first reading while the history is young, but is never a sliver", () => {
    const hour = 3_600_000;
    expect(windowOf([3000], 4600 * 1000, hour)).toEqual([3000, 4600]);
    expect(windowOf([4590], 4600 * 1000, hour)).toEqual([4420, 4600]);
  });
});

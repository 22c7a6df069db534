import { describe, expect, it } from "vitest";
import { spreadOf, toSeries, verticalRange, windowOf } from "./series";

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

  it("breaks the line where nothing was recorded", () => {
    const input = {
      columns: ["at_ms", "power_w"],
      data: [every10s(1, 2, 3, 60, 61), [1, 2, 3, 4, 5]],
    };
    const series = toSeries(input, ["power_w"]);
    expect(series.values.power_w).toEqual([1, 2, 3, null, 4, 5]);
    expect(series.times_s).toEqual([10, 20, 30, 31, 600, 610]);
  });

  it("does not take one late reading for a gap", () => {
    const input = { columns: ["at_ms", "power_w"], data: [every10s(1, 2, 5, 6), [1, 2, 3, 4]] };
    expect(toSeries(input, ["power_w"]).values.power_w).toHaveLength(4);
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

  it("tells lowest, highest and last, where the last may be unknown", () => {
    expect(spreadOf([3, null, 1, 2])).toEqual({ min: 1, max: 3, last: 2 });
    expect(spreadOf([3, null])).toEqual({ min: 3, max: 3, last: null });
    expect(spreadOf([null])).toBeNull();
  });

  it("keeps limits inside the picture and starts at zero when asked", () => {
    const [low, high] = verticalRange([[58, 61]], [70], false);
    expect(low).toBeLessThan(58);
    expect(high).toBeGreaterThan(70);
    expect(verticalRange([[1000]], [], true)[0]).toBe(0);
    expect(verticalRange([[null]], [], true)).toEqual([0, 1]);
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

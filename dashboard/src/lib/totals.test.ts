import { describe, expect, it } from "vitest";
import { totalsOf, type Counted } from "./totals";

const counted = (
  ghs: number | null,
  watts: number | null,
  best: number | null = null,
): Counted => ({
  best_diff_ever: best,
  sample: { hashrate_ghs: ghs, expected_hashrate_ghs: ghs, power_w: watts, best_diff: null },
});

describe("totals", () => {
  it("adds what is known and leaves out what is not", () => {
    const totals = totalsOf([counted(1000, 18), counted(null, null), counted(500, 12, 42)]);
    expect(totals).toMatchObject({
      hashrate_ghs: 1500,
      power_w: 30,
      efficiency_j_th: 20,
      best_diff: 42,
    });
  });

  it("is unknown, not zero, when no miner is known", () => {
    expect(totalsOf([])).toEqual({
      hashrate_ghs: null,
      expected_hashrate_ghs: null,
      power_w: null,
      efficiency_j_th: null,
      best_diff: null,
    });
  });

  it("does not divide by a hashrate of zero", () => {
    expect(totalsOf([counted(0, 5)]).efficiency_j_th).toBeNull();
  });

  it("leaves a miner without power out of the efficiency only", () => {
    expect(totalsOf([counted(1000, 20), counted(1000, null)])).toMatchObject({
      hashrate_ghs: 2000,
      efficiency_j_th: 20,
    });
  });
});

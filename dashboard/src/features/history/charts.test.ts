import { describe as group, expect, it } from "vitest";
import type { Miner } from "@/api/types";
import { chartPlans, describe, type ChartPlan } from "./charts";

const limits = { chip_warn_c: 65, vr_warn_c: 95 } as Miner["limits"];
const series = {
  times_s: [10, 20],
  values: {
    hashrate_ghs: [1000, 1100],
    expected_hashrate_ghs: [1071, 1071],
    chip_temp_c: [58, 59],
    vr_temp_c: [null, null],
    power_w: [18, null],
    fan_pct: [null, null],
  },
};
const plansOf = (of = series): ChartPlan[] =>
  chartPlans([{ name: "Kitchen", series: of }], limits).plans;

group("charts", () => {
  it("leaves out charts and lines of what the miner does not report", () => {
    const plans = plansOf();
    expect(plans.map((plan) => plan.key)).toEqual([
      "hashrate",
      "temperature",
      "power",
      "efficiency",
    ]);
    expect(plans[1]?.lines.map((line) => line.metric)).toEqual(["chip_temp_c"]);
  });

  it("draws only limits of what is drawn, inside the picture", () => {
    const temperature = plansOf()[1];
    expect(temperature?.limits.map((limit) => limit.value)).toEqual([65]);
    expect(temperature?.range[1]).toBeGreaterThan(65);
  });

  it("starts hashrate at zero so that its noise does not look like a fall", () => {
    expect(plansOf()[0]?.range[0]).toBe(0);
  });

  it("leaves room for the band around what is expected", () => {
    const [hashrate] = plansOf();
    expect(hashrate?.lines.map((line) => line.band)).toEqual([undefined, 0.1]);
    expect(hashrate?.range[1]).toBeGreaterThan(1071 * 1.1);
  });

  it("counts a whole axis in one unit that fits its highest value", () => {
    expect(plansOf()[0]).toMatchObject({ unit: "TH/s", unitSize: 1000 });
    const values = {
      ...series.values,
      hashrate_ghs: [400, 600],
      expected_hashrate_ghs: [650, 650],
    };
    const slow = { ...series, values };
    expect(plansOf(slow)[0]).toMatchObject({ unit: "GH/s", unitSize: 1 });
  });

  it("says the chart in words", () => {
    const power = plansOf()[2];
    const words = power && describe(power, "last hour").replaceAll("\u00a0", " ");
    expect(words).toBe("Power, last hour: Power between 18.0 W and 18.0 W, now –.");
  });

  it("draws another miner's line beside its own, each with its name and its own times", () => {
    const other = { times_s: [15], values: { hashrate_ghs: [500], chip_temp_c: [61] } };
    const { times_s, plans } = chartPlans(
      [
        { name: "Kitchen", series },
        { name: "Garage", series: other },
      ],
      limits,
    );
    expect(times_s).toEqual([10, 15, 20]);
    expect(plans[0]?.lines.map((line) => line.label)).toEqual([
      "Kitchen",
      "Garage",
      "Expected ± 10 %",
    ]);
    expect(plans[0]?.lines[0]?.values).toEqual([1000, undefined, 1100]);
    expect(plans[0]?.lines[1]?.values).toEqual([undefined, 500, undefined]);
    expect(new Set(plans[0]?.lines.map((line) => line.colour)).size).toBe(3);
  });

  it("counts shares by the hour, also over a restart of the miner", () => {
    const counted = {
      times_s: [0, 1800, 3600],
      values: { shares_accepted: [100, 130, 10], shares_rejected: [0, 0, 0] },
    };
    const shares = plansOf(counted as never).find((plan) => plan.key === "shares");
    expect(shares?.range[1]).toBeGreaterThan(0);
    expect(shares?.lines.map((line) => line.metric)).toEqual(["accepted_rate", "rejected_rate"]);
  });
});

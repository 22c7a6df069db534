import { describe as group, expect, it } from "vitest";
import type { Miner } from "@/api/types";
import { chartPlans, describe } from "./charts";

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

group("charts", () => {
  it("leaves out charts and lines of what the miner does not report", () => {
    const plans = chartPlans(series, limits);
    expect(plans.map((plan) => plan.key)).toEqual(["hashrate", "temperature", "power"]);
    expect(plans[1]?.lines.map((line) => line.metric)).toEqual(["chip_temp_c"]);
  });

  it("draws only limits of what is drawn, inside the picture", () => {
    const temperature = chartPlans(series, limits)[1];
    expect(temperature?.limits.map((limit) => limit.value)).toEqual([65]);
    expect(temperature?.range[1]).toBeGreaterThan(65);
  });

  it("starts hashrate at zero so that its noise does not look like a fall", () => {
    expect(chartPlans(series, limits)[0]?.range[0]).toBe(0);
  });

  it("counts a whole axis in one unit that fits its highest value", () => {
    expect(chartPlans(series, limits)[0]).toMatchObject({ unit: "TH/s", unitSize: 1000 });
    const slow = { ...series, values: { ...series.values, hashrate_ghs: [400, 600] } };
    expect(chartPlans(slow, limits)[0]).toMatchObject({ unit: "GH/s", unitSize: 1 });
  });

  it("says the chart in words", () => {
    const power = chartPlans(series, limits)[2];
    const words = power && describe(power, "last hour").replaceAll("\u00a0", " ");
    expect(words).toBe("Power, last hour: Power between 18.0 W and 18.0 W, now –.");
  });
});

import { describe, expect, it } from "vitest";
import { bounded, padded, panned, parseView, SHORTEST_MS, withView, zoomed } from "./view";

const outer = { from_ms: 1_000_000, to_ms: 11_000_000 };

describe("view", () => {
  it("stands in the URL and comes back from it", () => {
    const fixed = { kind: "fixed", from_ms: 2_000_000, to_ms: 3_000_000 } as const;
    const params = withView(new URLSearchParams("dialog=add&range=6h"), fixed);
    expect(params.toString()).toBe("dialog=add&from=2000000&to=3000000");
    expect(parseView(params)).toEqual(fixed);
    expect(withView(params, { kind: "live", range: "7d" }).toString()).toBe("dialog=add&range=7d");
  });

  it("falls back to the usual range when the URL makes no sense", () => {
    for (const query of ["from=1&to=x", "from=5&to=4", "from=100&to=200", "range=nonsense", ""])
      expect(parseView(new URLSearchParams(query))).toEqual({ kind: "live", range: "6h" });
  });

  it("zooms around the point under the pointer", () => {
    const half = zoomed({ from_ms: 2_000_000, to_ms: 4_000_000 }, 0.5, 3_500_000);
    expect(half).toEqual({ from_ms: 2_750_000, to_ms: 3_750_000 });
  });

  it("pans by a share of what is shown, but neither into the future nor before the beginning", () => {
    const late = bounded(panned({ from_ms: 9_000_000, to_ms: 11_000_000 }, 0.5), outer);
    expect(late).toEqual({ from_ms: 9_000_000, to_ms: 11_000_000 });
    const early = bounded(panned({ from_ms: 1_500_000, to_ms: 2_500_000 }, -2), outer);
    expect(early).toEqual({ from_ms: 1_000_000, to_ms: 2_000_000 });
  });

  it("is never a sliver and never longer than there is history", () => {
    const sliver = bounded({ from_ms: 5_000_000, to_ms: 5_000_100 }, outer);
    expect(sliver.to_ms - sliver.from_ms).toBe(SHORTEST_MS);
    expect(bounded({ from_ms: -9e9, to_ms: 9e9 }, outer)).toEqual(outer);
  });

  it("fetches half as much again on both sides where there is something", () => {
    const wide = padded({ from_ms: 1_200_000, to_ms: 3_200_000 }, outer);
    expect(wide).toEqual({ from_ms: 1_000_000, to_ms: 4_200_000 });
  });
});

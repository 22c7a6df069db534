import { describe, expect, it } from "vitest";
import type { Gap } from "@/api/types";
import { gapAreas, gapKinds, gapsSince } from "./gaps";

const at = (minute: number): string => new Date(minute * 60_000).toISOString();
const gap = (from: number, to: number, kind: Gap["kind"]): Gap => ({
  from: at(from),
  to: at(to),
  kind,
});

describe("gaps", () => {
  it("become areas in seconds", () => {
    expect(gapAreas([gap(1, 2, "miner_off")])).toEqual([{ from_s: 60, to_s: 120 }]);
  });

  it("leave out what lies before the miner was watched", () => {
    const gaps = [gap(0, 10, "unknown"), gap(20, 30, "miner_off")];
    expect(gapsSince(gaps, 10 * 60_000).map((one) => one.kind)).toEqual(["miner_off"]);
  });

  it("are explained once for each kind that is in sight", () => {
    const gaps = [gap(1, 2, "miner_off"), gap(3, 4, "miner_off"), gap(50, 60, "monitor_off")];
    expect(gapKinds(gaps, { from_ms: 0, to_ms: 10 * 60_000 })).toEqual([
      "Grey: the miner did not answer.",
    ]);
  });
});

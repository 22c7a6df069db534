import { describe, expect, it } from "vitest";
import type { PreviewEpisode, RulePreview } from "@/api/types";
import { chartAddress, course, newestFirst, triedOf, verdict } from "./preview";

const DAY_MS = 86_400_000;
const END_MS = Date.UTC(2026, 10, 22);
const preview = {
  from: new Date(END_MS - 30 * DAY_MS).toISOString(),
  to: new Date(END_MS).toISOString(),
  shortened: false,
  samples: 1000,
  count: 2,
} as RulePreview;
const now = { ...preview, count: 5 };

const plain = (words: string): string => words.replaceAll("\u00a0", " ");

const since = (hoursAgo: number, length_h: number | null): PreviewEpisode => ({
  miner_id: 3,
  miner_name: "Garage",
  from: new Date(END_MS - hoursAgo * 3_600_000).toISOString(),
  to: length_h === null ? null : new Date(END_MS - (hoursAgo - length_h) * 3_600_000).toISOString(),
  worst: 73.14,
});

describe("what is tried", () => {
  it("is what decides when the rule fires, and nothing else", () => {
    expect(triedOf({ severity: "critical", reminder_s: 60 })).toEqual({ kind: "nothing" });
    expect(triedOf({ limit: 65.5 })).toEqual({ kind: "values", query: "limit=65.5" });
    expect(triedOf({ limit: -80, hold_s: 0 })).toEqual({
      kind: "values",
      query: "limit=-80&hold_s=0",
    });
  });

  it("cannot be what is usual for each miner", () => {
    expect(triedOf({ limit: null, hold_s: 60 })).toEqual({ kind: "usual" });
  });
});

describe("the verdict", () => {
  it("compares with the rule as it is", () => {
    expect(verdict(preview, now)).toBe(
      "In the last 30 days this would have fired 2 times (now: 5).",
    );
    expect(verdict({ ...preview, count: 1 }, now)).toContain("fired once (now: 5)");
    expect(verdict({ ...preview, count: 0 }, now)).toContain("would not have fired (now: 5)");
  });

  it("says what was looked at when that is less than was asked for", () => {
    const from = (days: number): string => new Date(END_MS - days * DAY_MS).toISOString();
    const shortened = { ...preview, shortened: true, from: from(12.4) };
    expect(verdict(shortened, now)).toContain("In the last 12 days");
    expect(plain(verdict({ ...shortened, from: from(0.5) }, now))).toContain("In the last 12 h");
  });

  it("does not judge by a history that is empty", () => {
    expect(verdict({ ...preview, samples: 0, count: 0 }, now)).toContain("no history yet");
  });
});

describe("an alert that would have been", () => {
  it("says how long it lasted and how bad it was", () => {
    expect(plain(course(since(5, 2), "°C"))).toBe("2 h, at worst 73.1 °C");
    expect(course(since(5, null), "")).toBe("not over yet");
  });

  it("leads to the chart an hour around it, and not into the future", () => {
    const begin_ms = END_MS - 6 * 3_600_000;
    expect(chartAddress(since(5, 2), END_MS)).toBe(
      `/miners/3?from=${begin_ms}&to=${END_MS - 2 * 3_600_000}`,
    );
    expect(chartAddress(since(5, null), END_MS)).toBe(`/miners/3?from=${begin_ms}&to=${END_MS}`);
  });

  it("stands before those that are older", () => {
    const [first] = newestFirst([since(9, 1), since(2, 1), since(5, 1)]);
    expect(first).toEqual(since(2, 1));
  });
});

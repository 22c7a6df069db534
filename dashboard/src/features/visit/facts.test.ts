import { describe, expect, it } from "vitest";
import type { Episode } from "@/api/types";
import type { Changed } from "@/lib/visit";
import { factsOf } from "./facts";

const NOBODY: Changed = { added: [], gone: [] };
const hot: Episode = {
  id: 7,
  miner_id: 1,
  miner_name: "Kitchen",
  rule: "chip_temp",
  title: "Chip too hot",
  meaning: "",
  advice: "",
  unit: "°C",
  severity: "critical",
  good_news: false,
  drill: false,
  state: "over",
  since: "2026-11-22T10:00:00Z",
  raised_at: "2026-11-22T10:01:00Z",
  acknowledged_at: null,
  acknowledged_by: null,
  ended_at: "2026-11-22T10:12:00Z",
  value: 73,
  limit: 68,
  worst: 75,
  reason_code: null,
  reason: null,
  detail: null,
};
const best: Episode = {
  ...hot,
  id: 8,
  rule: "new_best",
  severity: "info",
  good_news: true,
  state: "moment",
  value: 4.29e9,
};

const wordsOf = (episodes: Episode[], changed = NOBODY, more = false): string[] =>
  factsOf({ episodes, more }, changed).map(({ words }) => words.replaceAll("\u00a0", " "));

describe("what happened between two visits", () => {
  it("is nothing when nothing happened, and a drill or a restart is nothing", () => {
    expect(wordsOf([])).toEqual([]);
    expect(
      wordsOf([
        { ...hot, drill: true },
        { ...hot, rule: "restarted", severity: "info", state: "moment" },
      ]),
    ).toEqual([]);
  });

  it("is told by name when it was one alert, with a way to it", () => {
    expect(factsOf({ episodes: [hot], more: false }, NOBODY)[0]?.to).toBe("/alerts/7");
    expect(wordsOf([hot])).toEqual(["Kitchen: Chip too hot, over after 12 min."]);
    expect(wordsOf([{ ...hot, state: "open", ended_at: null }])).toEqual([
      "Kitchen: Chip too hot, not over yet.",
    ]);
  });

  it("is counted when it was several, with those that are not over", () => {
    expect(wordsOf([hot, { ...hot, id: 9 }])).toEqual(["2 alerts, all over again."]);
    expect(wordsOf([hot, { ...hot, id: 9, state: "open" }])).toEqual([
      "2 alerts, 1 of them not over yet.",
    ]);
    expect(wordsOf([hot, { ...hot, id: 9 }], NOBODY, true)).toEqual(["More than 2 alerts."]);
  });

  it("names the highest of the records, who came and who went", () => {
    const changed = { added: [{ id: 3, name: "Attic" }], gone: [{ id: 2, name: "Garage" }] };
    expect(wordsOf([best, { ...best, value: 5e9 }], changed)).toEqual([
      "Kitchen has a new best difficulty: 5.00 G.",
      "Attic is new.",
      "Garage was removed.",
    ]);
  });

  it("says the weightiest first, and no more than can be read in passing", () => {
    const changed = { added: [{ id: 3, name: "Attic" }], gone: [{ id: 2, name: "Garage" }] };
    const block: Episode = { ...best, rule: "block_found", severity: "critical" };
    const off: Episode = { ...hot, rule: "monitor_off", severity: "info", state: "moment" };
    expect(wordsOf([best, hot, off, block], changed)).toEqual([
      "Kitchen has found a block!",
      "Kitchen: Chip too hot, over after 12 min.",
      "The monitor was off for 12 min.",
      "Kitchen has a new best difficulty: 4.29 G.",
    ]);
  });
});

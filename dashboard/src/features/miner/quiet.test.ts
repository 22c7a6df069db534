import { beforeAll, describe, expect, it, vi } from "vitest";
import type { Mute } from "@/api/types";
import { morningAfter, quietOf, quietWords } from "./quiet";

const NOW = new Date(2026, 10, 22, 23, 0).getTime();
const HOUR_MS = 3_600_000;

function mute(id: number, hours: number, rest: Partial<Mute> = {}): Mute {
  const until = new Date(NOW + hours * HOUR_MS).toISOString();
  return { id, miner_id: 7, miner_name: "Den", rule: null, until, ...rest } as Mute;
}

beforeAll(() => {
  vi.stubGlobal("navigator", { languages: ["en-GB"] });
});

describe("silence for a miner", () => {
  it("is that of its longest mute, its own or everybody's", () => {
    const mutes = [mute(1, 1), mute(2, 5, { miner_id: null }), mute(3, 9, { miner_id: 8 })];
    expect(quietOf(mutes, 7, NOW).whole?.id).toBe(2);
    expect(quietOf([], 7, NOW)).toEqual({ whole: null, some: [] });
  });

  it("is over when its time is", () => {
    expect(quietOf([mute(1, -1)], 7, NOW).whole).toBeNull();
  });

  it("may be for some kinds of alerts only", () => {
    const { whole, some } = quietOf([mute(1, 1, { rule: "chip_temp" })], 7, NOW);
    expect(whole).toBeNull();
    expect(some.map(({ id }) => id)).toEqual([1]);
  });

  it("is said with its end, and for a year as what it means", () => {
    expect(quietWords(mute(1, 0.5), NOW)).toBe("Muted until 23:30");
    expect(quietWords(mute(1, 365 * 24), NOW)).toBe("Muted until you unmute it");
    expect(quietWords(mute(1, 365 * 24, { miner_id: null }), NOW)).toMatch(/^All miners/);
  });

  it("until morning ends at the next seven o'clock", () => {
    expect(morningAfter(NOW)).toEqual(new Date(2026, 10, 23, 7, 0));
    const night = new Date(2026, 10, 23, 2, 0).getTime();
    expect(morningAfter(night)).toEqual(new Date(2026, 10, 23, 7, 0));
    const seven = new Date(2026, 10, 23, 7, 0).getTime();
    expect(morningAfter(seven)).toEqual(new Date(2026, 10, 24, 7, 0));
  });
});

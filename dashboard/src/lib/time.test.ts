import { describe, expect, it } from "vitest";
import { ageNow, ago, duration, localTime, nextTick_ms } from "./time";

const plain = (shown: string): string => shown.replaceAll("\u00a0", " ");

describe("time", () => {
  it.each([
    [0, "0 s"],
    [59.9, "59 s"],
    [60, "1 min"],
    [3599, "59 min"],
    [3600, "1 h"],
    [11_100, "3 h 5 min"],
    [86_400, "1 d"],
    [352_800, "4 d 2 h"],
  ])("puts %d seconds into words", (seconds, shown) => {
    expect(plain(duration(seconds))).toBe(shown);
  });

  it("does not invent a duration", () => {
    expect(duration(null)).toBe("–");
    expect(duration(-5)).toBe("–");
  });

  it("calls the first second just now", () => {
    expect(ago(0.4)).toBe("just now");
    expect(plain(ago(4.2))).toBe("4 s ago");
  });

  it("lets readings grow older by the time they lie here", () => {
    expect(ageNow(3, 10_000, 14_000)).toBe(7);
    expect(ageNow(null, 10_000, 14_000)).toBeNull();
  });

  it("never makes readings younger when this clock is set back", () => {
    expect(ageNow(3, 10_000, 2000)).toBe(3);
  });

  it("ticks less often the older the readings are", () => {
    expect([nextTick_ms(5), nextTick_ms(90), nextTick_ms(7200)]).toEqual([1000, 10_000, 60_000]);
  });

  it("survives times that are none", () => {
    expect(localTime("yesterday-ish", new Date())).toBe("–");
    expect(localTime(null, new Date())).toBe("–");
  });
});

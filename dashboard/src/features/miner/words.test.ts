import { describe, expect, it } from "vitest";
import { fanWords, placeWords, restartWords, setAndReal, wifiWords } from "./words";

const plain = (words: string | null): string | null => words?.replaceAll("\u00a0", " ") ?? null;

describe("words for what a device says", () => {
  it.each([
    [-42, "excellent (−42 dBm)"],
    [-60, "good (−60 dBm)"],
    [-72, "fair (−72 dBm)"],
    [-84, "weak (−84 dBm)"],
    [null, null],
  ])("calls a signal of %s dBm %s", (dbm, words) => {
    expect(plain(wifiWords(dbm))).toBe(words);
  });

  it.each([
    ["Power on reset", "it was switched on"],
    ["SYSTEM.RESET_POWERON", "it was switched on"],
    ["Software reset via esp_restart", "it was restarted on purpose"],
    ["SYSTEM.RESET_SW", "it was restarted on purpose"],
    ["Software reset due to exception/panic", "its firmware crashed"],
    ["Interrupt watchdog", "its firmware hung (watchdog)"],
    ["SYSTEM.RESET_TASK_WDT", "its firmware hung (watchdog)"],
    ["Brownout reset (software or hardware)", "the voltage fell (brown-out)"],
    ["Power glitch detected", "the voltage fell (brown-out)"],
    ["11", "11"],
    [null, null],
  ])("says of a start by %s: %s", (reason, words) => {
    expect(restartWords(reason)).toBe(words);
  });

  it("tells set and measured apart only where they differ to the eye", () => {
    expect(plain(setAndReal(525, 525.2, "MHz"))).toBe("525 MHz");
    expect(plain(setAndReal(525, 498.6, "MHz"))).toBe("525 MHz set, 499 MHz measured");
    expect(plain(setAndReal(1150, 0, "mV"))).toBe("1,150 mV set, 0 mV measured");
    expect(plain(setAndReal(525, null, "MHz"))).toBe("525 MHz set");
    expect(setAndReal(null, 525, "MHz")).toBeNull();
  });

  it("tells who decides about the fan", () => {
    const fan = { target_c: null, set_pct: null };
    expect(plain(fanWords({ ...fan, mode: "target", target_c: 60 }))).toBe(
      "keeps the chip at 60 °C",
    );
    expect(fanWords({ ...fan, mode: "target" })).toBe("keeps the chip at a set temperature");
    expect(plain(fanWords({ ...fan, mode: "fixed", set_pct: 70 }))).toBe("always 70 %");
    expect(fanWords({ ...fan, mode: "curve" })).toBe("by itself, warmer is faster");
    expect(fanWords({ ...fan, mode: null })).toBeNull();
  });

  it("names a pool without a port that is not known", () => {
    expect(placeWords({ host: "pool.example", port: 3333 })).toBe("pool.example:3333");
    expect(placeWords({ host: "pool.example", port: null })).toBe("pool.example");
  });
});

import { describe, expect, it, vi } from "vitest";
import { chanceOf } from "@/lib/odds";
import { chanceWords, dayOf, holderWords, lotteryWords, readDifficulty, waitWords } from "./words";

vi.stubGlobal("navigator", { languages: ["en"] });

describe("chanceWords", () => {
  it("counts what is rare and gives a percentage to what is likely", () => {
    expect(chanceWords(chanceOf(1000, 1e14))).toBe("1 in 5,000,000");
    expect(chanceWords({ perDay: 0.354, oneIn: 2.8, mean_s: 1 })).toBe("35\u00a0% likely");
  });

  it("promises nothing", () => {
    expect(chanceWords({ perDay: 1, oneIn: 1, mean_s: 1 })).toBe("99\u00a0% likely");
    expect(chanceWords(chanceOf(0, 1e14))).toBe("not possible without hashrate");
    expect(chanceWords(null)).toBe("–");
  });
});

describe("lotteryWords", () => {
  it("counts in tickets, or tells how much rarer it is", () => {
    expect(lotteryWords({ perDay: 0, oneIn: 5_000_000, mean_s: 1 })).toContain("with 3 tickets");
    expect(lotteryWords({ perDay: 0, oneIn: 6_000, mean_s: 1 })).toContain("with 2,300 tickets");
    expect(lotteryWords({ perDay: 0, oneIn: 56_000_000, mean_s: 1 })).toContain("4 times rarer");
  });
});

describe("waitWords", () => {
  it("groups the digits of large numbers", () => {
    expect(waitWords(31_557_600 * 13_610)).toBe("14,000 years");
    expect(waitWords(3600)).toBe("1 hour");
    expect(waitWords(Infinity)).toBe("–");
  });
});

describe("dayOf", () => {
  it("names the UTC day wherever it is read", () => {
    expect(dayOf("2027-03-05T00:00:00Z")).toBe("March 5, 2027");
  });
});

describe("readDifficulty", () => {
  it("takes it as statistics pages write it", () => {
    expect(readDifficulty("150e12")).toBe(150e12);
    expect(readDifficulty("152,271,405,425,045")).toBe(152271405425045);
    expect(readDifficulty("")).toBeNull();
    expect(readDifficulty("150 T")).toBeNull();
    expect(readDifficulty("-1")).toBeNull();
  });
});

describe("holderWords", () => {
  it("names whose a record is and when, as far as that is known", () => {
    const at = "2027-03-05T12:00:00Z";
    expect(holderWords({ at, miner: { name: "Garage" } })).toBe("Garage, March 5, 2027");
    expect(holderWords({ at, miner: null })).toBe("March 5, 2027");
    expect(holderWords({ at, miner: { name: null } })).toContain("a miner that was removed");
    expect(holderWords({ at: null, miner: null })).toBe("before the monitor watched");
    expect(holderWords(null)).toBe("");
  });
});

import { describe, expect, it } from "vitest";
import { byAttention, labelOf, toneOf, type Judged, type State } from "./attention";

const miner = (name: string, state: State, ...alerts: Judged["alerts"][number][]): Judged => ({
  name,
  state,
  alerts,
});
const hot = { severity: "critical", rule: "chip_temp" } as const;

describe("attention", () => {
  it("puts those in trouble first and keeps names in a natural order", () => {
    const miners = [
      miner("Bitaxe 10", "hashing"),
      miner("Bitaxe 2", "hashing"),
      miner("Attic", "paused"),
      miner("Garage", "offline"),
      miner("Cellar", "hashing", hot),
      miner("Desk", "unresponsive"),
    ];
    const order = byAttention(miners).map((m) => m.name);
    expect(order).toEqual(["Cellar", "Garage", "Desk", "Attic", "Bitaxe 2", "Bitaxe 10"]);
  });

  it("does not change the list it is given", () => {
    const miners = [miner("A", "hashing"), miner("B", "offline")];
    byAttention(miners);
    expect(miners[0]?.name).toBe("A");
  });

  it("is not alarmed by a miner that is paused on purpose", () => {
    expect(toneOf(miner("A", "paused"))).toBe("calm");
  });

  it("lets an alert make a working miner worse, never a broken one better", () => {
    const warning = { severity: "warning", rule: "vr_temp" } as const;
    expect(toneOf(miner("A", "hashing", warning))).toBe("warn");
    expect(toneOf(miner("A", "fault", warning))).toBe("bad");
    expect(toneOf(miner("A", "hashing", { severity: "info", rule: "x" }))).toBe("good");
  });

  it("labels a hashing miner that is too hot as running hot", () => {
    expect(labelOf(miner("A", "hashing", hot))).toBe("hot");
    expect(labelOf(miner("A", "overheated", hot))).toBe("overheated");
  });
});

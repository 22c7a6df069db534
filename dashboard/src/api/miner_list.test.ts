import { describe, expect, it } from "vitest";
import { withMiners, withoutMiner } from "./miner_list";
import type { Miner } from "./types";

const miner = (id: number, version: number): Miner => ({ id, version }) as Miner;

describe("miner_list", () => {
  it("replaces by id and leaves the others as they are", () => {
    const list = [miner(1, 1), miner(2, 1)];
    const changed = withMiners(list, [miner(2, 2)]);
    expect(changed[0]).toBe(list[0]);
    expect(changed[1]?.version).toBe(2);
  });

  it("drops a reading that was overtaken by a newer one", () => {
    expect(withMiners([miner(1, 5)], [miner(1, 4)])[0]?.version).toBe(5);
  });

  it("adds new miners in the order of their ids", () => {
    expect(withMiners([miner(3, 1)], [miner(1, 1)]).map((m) => m.id)).toEqual([1, 3]);
  });

  it("removes only the one that was meant", () => {
    expect(withoutMiner([miner(1, 1), miner(2, 1)], 1).map((m) => m.id)).toEqual([2]);
  });
});

import { describe, expect, it } from "vitest";
import { inGroups, inOrder, parseGrouping, parseOrder, type Arranged } from "./arrange";

const miner = (name: string, of: Partial<Arranged> = {}, ghs: number | null = 1000): Arranged => ({
  name,
  state: "hashing",
  alerts: [],
  model: "Gamma",
  firmware: "v2",
  pool: null,
  sample: { hashrate_ghs: ghs, chip_temp_c: null, power_w: null },
  ...of,
});
const namesOf = (miners: readonly Arranged[]): string[] => miners.map((one) => one.name);

describe("arrange", () => {
  it("puts the most in need first unless told otherwise", () => {
    const miners = [miner("B"), miner("A", { state: "offline" })];
    expect(namesOf(inOrder(miners, parseOrder(null)))).toEqual(["A", "B"]);
    expect(namesOf(inOrder(miners, "name"))).toEqual(["A", "B"]);
  });

  it("orders by a figure from the highest, the unknown last", () => {
    const miners = [miner("A", {}, null), miner("B", {}, 500), miner("C", {}, 900)];
    expect(namesOf(inOrder(miners, "hashrate"))).toEqual(["C", "B", "A"]);
  });

  it("takes an order or grouping that there is not for the usual one", () => {
    expect(parseOrder("colour")).toBe("attention");
    expect(parseGrouping("colour")).toBe("none");
  });

  it("groups by what miners have in common, the unknown last", () => {
    const miners = [miner("A", { model: null }), miner("B", { model: "Ultra" }), miner("C")];
    const groups = inGroups(miners, "model");
    expect(groups.map((group) => group.name)).toEqual(["Gamma", "Ultra", null]);
    expect(inGroups(miners, "none")).toHaveLength(1);
  });

  it("groups by state with those in need first", () => {
    const groups = inGroups([miner("A"), miner("B", { state: "fault" })], "state");
    expect(groups.map((group) => group.tone)).toEqual(["bad", "good"]);
  });
});

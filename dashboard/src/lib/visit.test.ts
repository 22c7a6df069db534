import { describe, expect, it } from "vitest";
import { changesOf, VISIT_ENDS_MS, visitAt, type Visit } from "./visit";

const kitchen = { id: 1, name: "Kitchen" };
const garage = { id: 2, name: "Garage" };
const kept: Visit = {
  began_ms: 1000,
  seen_ms: 5000,
  miners: [kitchen],
  before: { ended_ms: 500, miners: null },
  closed: true,
};

describe("a visit", () => {
  it("is the first when nothing was kept", () => {
    expect(visitAt(null, 9000)).toMatchObject({ began_ms: 9000, before: null, closed: false });
  });

  it("goes on while the reader was here just now, closed as it was", () => {
    const visit = visitAt(kept, 5000 + VISIT_ENDS_MS - 1);
    expect(visit).toMatchObject({ began_ms: 1000, before: kept.before, closed: true });
  });

  it("is another one after half an hour, and knows how the last one ended", () => {
    const visit = visitAt(kept, 5000 + VISIT_ENDS_MS);
    expect(visit.before).toEqual({ ended_ms: 5000, miners: [kitchen] });
    expect(visit).toMatchObject({ began_ms: 5000 + VISIT_ENDS_MS, closed: false });
  });

  it("goes on when the clock was set back meanwhile", () => {
    expect(visitAt(kept, 10)).toMatchObject({ began_ms: 1000, seen_ms: 5000 });
  });
});

describe("the miners between two visits", () => {
  it("are compared by id: a new name is no new miner", () => {
    const renamed = { id: 1, name: "Bath" };
    expect(changesOf([kitchen], [renamed, garage])).toEqual({ added: [garage], gone: [] });
    expect(changesOf([kitchen, garage], [renamed])).toEqual({ added: [], gone: [garage] });
  });

  it("are not compared when they are not known", () => {
    expect(changesOf(null, [garage])).toEqual({ added: [], gone: [] });
    expect(changesOf([garage], null)).toEqual({ added: [], gone: [] });
  });
});

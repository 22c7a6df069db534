import { describe, expect, it } from "vitest";
import { changeOf, wrongFields } from "./rule_change";

const before = { severity: "warning", limit: "70", hold: "2", reminder: "360" } as const;

describe("a rule's form", () => {
  it("sends only what was touched, in the API's units", () => {
    expect(changeOf(before, { ...before })).toEqual({});
    expect(changeOf(before, { ...before, limit: "65,5", hold: "5" })).toEqual({
      limit: 65.5,
      hold_s: 300,
    });
  });

  it("says which fields hold no number, rather than take them for empty", () => {
    expect([...wrongFields({ ...before, limit: "abc", hold: "", reminder: "1,5" })]).toEqual([
      "limit",
    ]);
  });

  it("takes a change back when its field is emptied", () => {
    expect(changeOf(before, { ...before, reminder: " " })).toEqual({ reminder_s: null });
  });
});

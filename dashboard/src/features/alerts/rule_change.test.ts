import { afterEach, describe, expect, it } from "vitest";
import type { Rule } from "@/api/types";
import { showTemperaturesIn } from "@/lib/units";
import { changeOf, fieldsOf, hasLimit, wrongFields } from "./rule_change";

const rule = {
  rule: "chip_temp",
  severity: "warning",
  unit: "°C",
  limit: 70,
  hold_s: 120,
  reminder_s: 21_600,
} as Rule;
const before = fieldsOf(rule);

describe("a rule's form", () => {
  it("shows the limit as it is, and times in minutes", () => {
    expect(before).toEqual({ severity: "warning", limit: "70", hold: "2", reminder: "360" });
    expect(fieldsOf({ ...rule, limit: null, hold_s: 90 })).toMatchObject({
      limit: "",
      hold: "1.5",
    });
  });

  it("sends only what was touched, in the API's units", () => {
    expect(changeOf(rule, { ...before })).toEqual({});
    expect(changeOf(rule, { ...before, limit: "65,5", hold: "5" })).toEqual({
      limit: 65.5,
      hold_s: 300,
    });
  });

  it("says which fields hold no number, rather than take them for empty", () => {
    const wrong = wrongFields({ ...before, limit: "abc", hold: "", reminder: "1,5" });
    expect([...wrong]).toEqual(["limit"]);
  });

  it("takes no time below nothing or over a week", () => {
    expect([...wrongFields({ ...before, limit: "-75", hold: "-1" })]).toEqual(["hold"]);
    expect([...wrongFields({ ...before, reminder: "10081" })]).toEqual(["reminder"]);
  });

  it("takes a change back when its field is emptied", () => {
    expect(changeOf(rule, { ...before, reminder: " " })).toEqual({ reminder_s: null });
  });

  it("asks for no limit where there is none to set", () => {
    expect(hasLimit(rule)).toBe(true);
    expect(hasLimit({ ...rule, rule: "offline", limit: null })).toBe(false);
    expect(hasLimit({ ...rule, rule: "hashrate_low", limit: null })).toBe(true);
  });
});

describe("a limit in degrees Fahrenheit", () => {
  afterEach(() => showTemperaturesIn("C"));

  it("is shown and typed in them, and sent in degrees Celsius", () => {
    showTemperaturesIn("F");
    expect(fieldsOf(rule).limit).toBe("158");
    expect(changeOf(rule, fieldsOf(rule))).toEqual({});
    expect(changeOf(rule, { ...fieldsOf(rule), limit: "149" })).toEqual({ limit: 65 });
    expect(changeOf(rule, { ...fieldsOf(rule), limit: "150" })).toEqual({ limit: 65.556 });
    expect(fieldsOf({ ...rule, limit: 65.556 }).limit).toBe("150");
  });

  it("is no other rule's unit", () => {
    showTemperaturesIn("F");
    const wifi = { ...rule, unit: "dBm", limit: -75 };
    expect(fieldsOf(wifi).limit).toBe("-75");
    expect(changeOf(wifi, { ...fieldsOf(wifi), limit: "-80" })).toEqual({ limit: -80 });
  });
});

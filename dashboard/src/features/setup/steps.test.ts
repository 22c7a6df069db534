import { describe, expect, it } from "vitest";
import { placeAfter, placeBefore, placeOf, stepIndex } from "./steps";

describe("the first steps", () => {
  it("begin at the beginning when the address names none", () => {
    expect(placeOf(null)).toBe("begin");
    expect(placeOf("nonsense")).toBe("begin");
    expect(placeOf("find")).toBe("find");
  });

  it("lead forth and back", () => {
    expect(placeAfter("begin")).toBe("meet");
    expect(placeAfter("find")).toBe("meet");
    expect(placeAfter("electricity")).toBe("done");
    expect(placeAfter("done")).toBe("done");
    expect(placeBefore("begin")).toBeNull();
    expect(placeBefore("address")).toBe("begin");
    expect(placeBefore("telegram")).toBe("meet");
  });

  it("count the ways to begin as the first", () => {
    expect(stepIndex("find")).toBe(0);
    expect(stepIndex("telegram")).toBe(2);
  });
});

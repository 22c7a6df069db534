import { describe, expect, it } from "vitest";
import { documentTitle, iconPath } from "./mood";

describe("mood", () => {
  it("puts the trouble first in the title", () => {
    expect(documentTitle({ mood: "trouble", trouble: 2, lost: false }, null)).toBe(
      "(2) Trouble · Bitaxe Monitor",
    );
    expect(documentTitle({ mood: "fine", trouble: 0, lost: false }, "Garage")).toBe(
      "All fine · Garage · Bitaxe Monitor",
    );
  });

  it("does not claim that all is fine while the monitor is away", () => {
    const lost = { mood: "fine", trouble: 0, lost: true } as const;
    expect(documentTitle(lost, null)).toBe("No connection · Bitaxe Monitor");
    expect(iconPath(lost)).toBe("/icons/lost.svg");
  });
});

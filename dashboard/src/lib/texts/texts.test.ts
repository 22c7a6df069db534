import { describe, expect, it } from "vitest";
import { asSentence, findText, text } from ".";

describe("texts", () => {
  it("puts values into their places", () => {
    expect(text("app.version", { version: "0.1.0" })).toBe("Version 0.1.0");
  });

  it("chooses the plural by the count", () => {
    expect(text("miners.count", { count: 1 })).toBe("1 miner");
    expect(text("miners.count", { count: 3 })).toBe("3 miners");
  });

  it("leaves a place visible when its value is missing", () => {
    expect(text("app.version")).toContain("{{version}}");
  });

  it("makes a sentence of a remark", () => {
    expect(asSentence("it does no work")).toBe("It does no work.");
    expect(asSentence("Restart it.")).toBe("Restart it.");
  });

  it("says when there is no such text", () => {
    expect(findText("glossary.nothing")).toBeNull();
  });
});

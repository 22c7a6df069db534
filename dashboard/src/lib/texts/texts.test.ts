import { describe, expect, it } from "vitest";
import { asSentence, findText, text, withFirmUnits } from ".";

describe("texts", () => {
  it("puts values into their places", () => {
    expect(text("app.version", { version: "0.1.0" })).toBe("Version 0.1.0");
  });

  it("chooses the plural by the count", () => {
    expect(text("miners.count", { count: 1 })).toBe("1 miner");
    expect(text("miners.count", { count: 3 })).toBe("3 miners");
  });

  it("leaves a place visible when its value is missing", () => {
    expect(text("app.version")).toContain("{version}");
  });

  it("makes a sentence of a remark", () => {
    expect(asSentence("it does no work")).toBe("It does no work.");
    expect(asSentence("Restart it.")).toBe("Restart it.");
  });

  it("does not let a unit slip to the next line", () => {
    expect(withFirmUnits("its chip has 73.1 °C. It does 1.05 TH/s, 2 Watches")).toBe(
      "its chip has 73.1\u00a0°C. It does 1.05\u00a0TH/s, 2 Watches",
    );
  });

  it("says when there is no such text", () => {
    expect(findText("glossary.nothing")).toBeNull();
  });
});

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { chooseLanguage, chosenLanguage, followHousehold, ownLanguage } from "./languages";

const reload = vi.fn();

/** A browser that is set to these languages, with what it has kept. */
function browse(languages: readonly string[], kept: Record<string, string> = {}): void {
  const values = new Map(Object.entries(kept));
  vi.stubGlobal("navigator", { languages });
  vi.stubGlobal("window", { location: { reload } });
  vi.stubGlobal("localStorage", {
    getItem: (key: string) => values.get(key) ?? null,
    setItem: (key: string, value: string) => values.set(key, value),
    removeItem: (key: string) => values.delete(key),
  });
}

describe("the language of a page", () => {
  beforeEach(() => reload.mockClear());
  afterEach(() => vi.unstubAllGlobals());

  it("is what was chosen here, or else the household's, or else the browser's", () => {
    browse(["es-ES", "en"]);
    expect(chosenLanguage()).toBe("es");
    followHousehold("de");
    expect(chosenLanguage()).toBe("de");
    chooseLanguage("en");
    expect(chosenLanguage()).toBe("en");
    chooseLanguage(null);
    expect([ownLanguage(), chosenLanguage()]).toEqual([null, "de"]);
    followHousehold(null);
    expect(chosenLanguage()).toBe("es");
  });

  it("changes at once when the household's is new, and is loaded once", () => {
    browse(["en"]);
    followHousehold("de");
    expect(reload).toHaveBeenCalledTimes(1);
    followHousehold("de"); // the file could not be fetched: the page still speaks English
    expect(reload).toHaveBeenCalledTimes(1);
  });

  it("is not touched by the household where one was chosen, or where it is the same", () => {
    browse(["en"], { language: "en" });
    followHousehold("de");
    browse(["en"]);
    followHousehold("en");
    followHousehold("tlh");
    expect(reload).not.toHaveBeenCalled();
  });

  it("is the browser's where nothing can be kept", () => {
    browse(["de"]);
    const refuse = (): never => {
      throw new Error("storage is off");
    };
    vi.stubGlobal("localStorage", { getItem: refuse, setItem: refuse, removeItem: refuse });
    followHousehold("es");
    chooseLanguage("es");
    expect(chosenLanguage()).toBe("de");
    expect(reload).not.toHaveBeenCalled();
  });
});

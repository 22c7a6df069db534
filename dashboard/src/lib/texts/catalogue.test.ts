// The catalogues themselves: what is translated fits what English says.
import { describe, expect, it } from "vitest";
import { firstSpoken, LANGUAGES } from "./languages";

type Texts = Record<string, string>;

const files = import.meta.glob<Texts>("../../../../texts/**/*.json", {
  eager: true,
  import: "default",
});

/** "en/app.json" and "en.json" by language: everything, each file under its own name. */
function catalogueOf(language: string): Map<string, Texts> {
  const found = new Map<string, Texts>();
  for (const [path, texts] of Object.entries(files)) {
    const page = new RegExp(`/page/${language}/(.*)$`).exec(path)?.[1];
    if (page !== undefined) found.set(page, texts);
    else if (path.endsWith(`/texts/${language}.json`)) found.set("monitor", texts);
  }
  return found;
}

const placesOf = (text: string): string[] => [...new Set(text.match(/\{[a-zA-Z_]+\}/g))].sort();

const english = catalogueOf("en");
const translations = Object.keys(LANGUAGES).filter((language) => language !== "en");

function missingIn(language: string): string[] {
  const own = catalogueOf(language);
  return [...english].flatMap(([name, texts]) =>
    Object.keys(texts)
      .filter((key) => !(key in (own.get(name) ?? {})))
      .map((key) => `${name}: ${key}`),
  );
}

describe("the English texts", () => {
  it("have each key once: a page holds the texts of all files together", () => {
    const keys = [...english]
      .filter(([name]) => name !== "monitor")
      .flatMap(([, texts]) => Object.keys(texts));
    expect(keys.filter((key, i) => keys.indexOf(key) !== i)).toEqual([]);
  });
});

describe.each(translations)("the texts in %s", (language) => {
  const own = [...catalogueOf(language)];

  it("stand in the same files as the English ones, under the same keys", () => {
    const strange = own.flatMap(([name, texts]) =>
      Object.keys(texts).filter((key) => !(key in (english.get(name) ?? {}))),
    );
    expect(strange).toEqual([]);
  });

  it("have the same places for values", () => {
    const wrong = own.flatMap(([name, texts]) =>
      Object.entries(texts).filter(
        ([key, words]) =>
          placesOf(words).join() !== placesOf(english.get(name)?.[key] ?? words).join(),
      ),
    );
    expect(wrong).toEqual([]);
  });

  it("lack no form of a plural that they have begun", () => {
    const lone = own.flatMap(([, texts]) =>
      Object.keys(texts).filter((key) => {
        const other = key.endsWith("_one") ? key.replace(/_one$/, "_other") : null;
        return other !== null && !(other in texts);
      }),
    );
    expect(lone).toEqual([]);
  });

  it("lack none of the English ones: the page is in one language, not in two", () => {
    expect(missingIn(language)).toEqual([]);
  });

  it("say something: an empty text would show in English", () => {
    const empty = own.flatMap(([name, texts]) =>
      Object.entries(texts).filter(
        ([key, words]) => words.trim() === "" && english.get(name)?.[key] !== "",
      ),
    );
    expect(empty).toEqual([]);
  });
});

describe("the language of the page", () => {
  it("is the first wanted one that there is", () => {
    expect(firstSpoken(["fr-FR", "de-AT", "en"])).toBe("de");
    expect(firstSpoken(["es-419"])).toBe("es");
  });

  it("is English when nobody asks for one that there is", () => {
    expect(firstSpoken(["fr", "ja"])).toBe("en");
    expect(firstSpoken([])).toBe("en");
  });
});

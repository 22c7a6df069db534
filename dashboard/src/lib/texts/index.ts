// Every word that the page shows comes from the catalogue. The form ({{name}}, _one and
// _other) is i18next's, so that a translation is another catalogue and no code.
import { en } from "./en";
import { glossary } from "./en.glossary";

const catalogue = { ...en, ...glossary };

type Key = keyof typeof catalogue;
/** "miners_one" and "miners_other" are asked for as "miners", with a count. */
type Base<K> = K extends `${infer B}_${"one" | "other"}` ? B : K;
export type TextKey = Base<Key>;

export type TextValues = Record<string, string | number>;

const plurals = new Intl.PluralRules("en");

function lookUp(key: string, count: number | undefined): string {
  const texts: Record<string, string> = catalogue;
  if (count !== undefined) {
    const counted = texts[`${key}_${plurals.select(count)}`] ?? texts[`${key}_other`];
    if (counted !== undefined) return counted;
  }
  return texts[key] ?? key;
}

export function text(key: TextKey, values: TextValues = {}): string {
  const count = typeof values.count === "number" ? values.count : undefined;
  return lookUp(key, count).replace(/\{\{(\w+)\}\}/g, (whole, name: string) => {
    const value = values[name];
    return value === undefined ? whole : String(value);
  });
}

/** Words from the monitor that may begin small and end open, as a sentence. */
export function asSentence(words: string): string {
  const closed = /[.!?…]$/.test(words) ? words : `${words}.`;
  return closed.charAt(0).toUpperCase() + closed.slice(1);
}

/** Keeps figures and their units on one line in words that come from the monitor. */
export function withFirmUnits(words: string): string {
  return words.replace(/(\d) (?=(?:°C|[kMGTPE]?H\/s|W|V|%|J\/TH)(?![\w/]))/g, "$1\u00a0");
}

/** For keys that are put together at run time; null when the catalogue has none. */
export function findText(key: string): string | null {
  return (catalogue as Record<string, string>)[key] ?? null;
}

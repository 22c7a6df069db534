// Every word that the page shows comes from the catalogues in texts/page, one folder for each
// language and one file for each part of the page, in i18next's form: {name} is a place for a
// value, _one and _other are chosen by a count. What the monitor itself says is in texts/.
import i18next from "i18next";
import { english } from "./english";
import type { TextKey } from "./keys";

export type { TextKey };
export type TextValues = Record<string, string | number>;

const i18n = i18next.createInstance();
void i18n.init({
  lng: "en",
  fallbackLng: "en",
  resources: { en: { translation: english } },
  // Keys hold dots, and texts are put into the page by React, which escapes them.
  keySeparator: false,
  nsSeparator: false,
  interpolation: { prefix: "{", suffix: "}", escapeValue: false },
  returnEmptyString: false,
  initAsync: false,
});

/** Adds the English texts of a part of the page that is fetched when it is needed. */
export function registerTexts(texts: Record<string, string>): void {
  i18n.addResources("en", "translation", texts);
}

/** Speaks another language from here on; what it lacks stays English. */
export async function speak(language: string, texts: Record<string, string>): Promise<void> {
  i18n.addResources(language, "translation", texts);
  await i18n.changeLanguage(language);
}

/** "en", "de", ... */
export function currentLanguage(): string {
  return i18n.language;
}

export function text(key: TextKey, values: TextValues = {}): string {
  return i18n.t(key, { ...values, skipOnVariables: true });
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
export function findText(key: string, values: TextValues = {}): string | null {
  return i18n.exists(key) ? text(key as TextKey, values) : null;
}

// Numbers and dates as the reader of the page's language writes them. The language is known only
// when the page starts, so a format is made when it is first used.
import { currentLanguage } from "./texts";

/** The browser's own variant of the page's language ("en-GB"), or else the language alone. */
export function currentLocale(): string {
  const language = currentLanguage();
  const own = navigator.languages.find((tag) => tag.toLowerCase().split("-")[0] === language);
  return own ?? language;
}

/** Makes a format when it is first asked for, and keeps it. */
export function onFirstUse<T>(make: (locale: string) => T): () => T {
  let made: T | undefined;
  return () => (made ??= make(currentLocale()));
}

export const dateFormat = (options: Intl.DateTimeFormatOptions): (() => Intl.DateTimeFormat) =>
  onFirstUse((locale) => new Intl.DateTimeFormat(locale, options));

/** Groups and decimal point are the language's: 1,071.5 and 1.071,5. */
export const numberFormat = (options: Intl.NumberFormatOptions): (() => Intl.NumberFormat) =>
  onFirstUse(() => new Intl.NumberFormat(currentLanguage(), options));

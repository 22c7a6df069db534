// In which language the page speaks. It is chosen before the first text is shown and stays for
// the life of the page: choosing another one loads the page again. English is part of the page,
// every other language is a file of its own, fetched only by those who read it.
import { speak } from ".";

/** Each by its own name, as its readers look for it. */
export const LANGUAGES = { en: "English", de: "Deutsch", es: "Español" } as const;

export type Language = keyof typeof LANGUAGES;

type Translation = Exclude<Language, "en">;

const TRANSLATIONS: Record<Translation, () => Promise<{ texts: Record<string, string> }>> = {
  de: () => import("./de"),
  es: () => import("./es"),
};

const KEY = "language";

export const isLanguage = (code: string): code is Language => code in LANGUAGES;

/** The first that we speak of "de-AT", "fr", "en-GB": whoever asked for it, most wanted first. */
export function firstSpoken(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const code = tag.toLowerCase().split("-")[0] ?? "";
    if (isLanguage(code)) return code;
  }
  return "en";
}

/** What the reader chose here, or else what the browser is set to. */
export function chosenLanguage(): Language {
  let chosen: string | null = null;
  try {
    chosen = localStorage.getItem(KEY);
  } catch {
    // Storage is switched off: the browser's own languages count.
  }
  return firstSpoken([...(chosen === null ? [] : [chosen]), ...navigator.languages]);
}

/** Keeps the choice and loads the page again in that language. */
export function chooseLanguage(language: Language): void {
  try {
    localStorage.setItem(KEY, language);
  } catch {
    return; // It could not be kept, and loading again would change nothing.
  }
  window.location.reload();
}

/** Once, before anything is shown. A language that cannot be fetched leaves the page English. */
export async function startLanguage(language = chosenLanguage()): Promise<void> {
  if (language === "en") return;
  try {
    const { texts } = await TRANSLATIONS[language]();
    await speak(language, texts);
    document.documentElement.lang = language;
  } catch (error) {
    console.error(error);
  }
}

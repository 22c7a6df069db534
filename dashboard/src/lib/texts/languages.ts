// In which language the page speaks. It is chosen before the first text is shown and stays for
// the life of the page: choosing another one loads the page again. English is part of the page,
// every other language is a file of its own, fetched only by those who read it.
import { currentLanguage, speak } from ".";

/** Each by its own name, as its readers look for it. */
export const LANGUAGES = { en: "English", de: "Deutsch", es: "Español" } as const;

export type Language = keyof typeof LANGUAGES;

type Translation = Exclude<Language, "en">;

const TRANSLATIONS: Record<Translation, () => Promise<{ texts: Record<string, string> }>> = {
  de: () => import("./de"),
  es: () => import("./es"),
};

/** What the reader chose here, and what the household did when the page last heard of it. */
const OWN = "language";
const HOUSEHOLD = "language.household";

export const isLanguage = (code: string): code is Language => code in LANGUAGES;

/** The first that we speak of "de-AT", "fr", "en-GB": whoever asked for it, most wanted first. */
export function firstSpoken(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const code = tag.toLowerCase().split("-")[0] ?? "";
    if (isLanguage(code)) return code;
  }
  return "en";
}

function stored(key: string): Language | null {
  try {
    const code = localStorage.getItem(key);
    return code !== null && isLanguage(code) ? code : null;
  } catch {
    return null; // Storage is switched off: the browser's own languages count.
  }
}

/** False when it could not be kept. */
function store(key: string, language: string | null): boolean {
  try {
    if (language === null) localStorage.removeItem(key);
    else localStorage.setItem(key, language);
    return true;
  } catch {
    return false;
  }
}

/** Null: none was chosen in this browser. */
export const ownLanguage = (): Language | null => stored(OWN);

/** What the reader chose here, or else the household, or else what the browser is set to. */
export const chosenLanguage = (): Language =>
  stored(OWN) ?? stored(HOUSEHOLD) ?? firstSpoken(navigator.languages);

/** Keeps the choice and loads the page again in that language; null takes it back. */
export function chooseLanguage(language: Language | null): void {
  if (store(OWN, language)) window.location.reload();
}

/**
 * What the monitor says of the household's choice. It is known at the next visit before anything
 * is shown; when it is new, the page is loaded again, once.
 */
export function followHousehold(language: string | null): void {
  const known = language !== null && isLanguage(language) ? language : null;
  if (known === stored(HOUSEHOLD) || !store(HOUSEHOLD, known)) return;
  if (chosenLanguage() !== currentLanguage()) window.location.reload();
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

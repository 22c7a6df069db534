// Finding a word by what a person types.
import { currentLanguage } from "./texts";

export interface Term {
  term: string;
  title: string;
  meaning: string;
}

const plain = (words: string): string => words.toLowerCase().replaceAll("_", " ");

/** Words whose name fits come first; then those whose meaning speaks of it. By name. */
export function searchTerms<T extends Term>(terms: readonly T[], typed: string): T[] {
  const wanted = plain(typed.trim());
  const byTitle = (a: T, b: T): number => a.title.localeCompare(b.title, currentLanguage());
  const named = terms.filter(({ term, title }) => plain(`${title} ${term}`).includes(wanted));
  const told = terms.filter((one) => !named.includes(one) && plain(one.meaning).includes(wanted));
  return [...named.sort(byTitle), ...told.sort(byTitle)];
}

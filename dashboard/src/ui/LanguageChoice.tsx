// In which language the page speaks. Choosing loads the page again.
import { currentLanguage, text } from "@/lib/texts";
import { chooseLanguage, isLanguage, LANGUAGES, type Language } from "@/lib/texts/languages";
import { Select } from "./Select";

const OPTIONS = (Object.keys(LANGUAGES) as Language[]).map((value) => ({
  value,
  label: LANGUAGES[value],
}));

export function LanguageChoice() {
  const current = currentLanguage();
  return (
    <Select
      label={text("app.language")}
      value={isLanguage(current) ? current : "en"}
      options={OPTIONS}
      onChange={chooseLanguage}
    />
  );
}

// Which language the household speaks, and whether this browser speaks another.
import { useChangeSettings, type Settings } from "@/api/settings";
import { chooseLanguage, LANGUAGES, ownLanguage, type Language } from "@/lib/texts/languages";
import { Note } from "@/ui/Note";
import { Select } from "@/ui/Select";
import styles from "./Setup.module.css";
import { text } from "./texts";

const SPOKEN = (Object.keys(LANGUAGES) as Language[]).map((value) => ({
  value,
  label: LANGUAGES[value],
}));

export function Languages({ settings }: { settings: Settings }) {
  const change = useChangeSettings();
  const household = SPOKEN.find(({ value }) => value === settings.language)?.value ?? "";
  return (
    <div className={styles.languages}>
      <Select
        label={text("settings.language")}
        hint={text("settings.language.hint")}
        value={household}
        options={[{ value: "", label: text("settings.language.none") }, ...SPOKEN]}
        onChange={(language: Language | "") => change.mutate({ language: language || null })}
      />
      <Select
        label={text("settings.language.here")}
        value={ownLanguage() ?? ""}
        options={[{ value: "", label: text("settings.language.same") }, ...SPOKEN]}
        onChange={(language: Language | "") => chooseLanguage(language || null)}
      />
      {change.error && <Note tone="bad" icon="info" title={change.error.message} announced />}
    </div>
  );
}

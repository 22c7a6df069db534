// Units, language, appearance and the name of the place: each choice holds at once.
import { useState, type SubmitEvent } from "react";
import { useChangeSettings, type Settings } from "@/api/settings";
import { Button } from "@/ui/Button";
import { Note } from "@/ui/Note";
import { Segmented } from "@/ui/Segmented";
import { TextField } from "@/ui/TextField";
import { useToast } from "@/ui/Toasts";
import { chooseTheme, THEMES, useTheme } from "@/ui/theme";
import { Languages } from "./Languages";
import styles from "./Setup.module.css";
import { text } from "./texts";

const UNITS = ["C", "F"] as const;

export function Preferences({ settings }: { settings: Settings }) {
  const change = useChangeSettings();
  return (
    <>
      <div className={styles.row}>
        <span className={styles.name}>{text("settings.temperature")}</span>
        <Segmented
          legend={text("settings.temperature")}
          value={settings.temperature_unit}
          onChange={(unit) => change.mutate({ temperature_unit: unit })}
          options={UNITS.map((unit) => ({ value: unit, label: text(`settings.unit.${unit}`) }))}
        />
      </div>
      <div className={styles.row}>
        <span className={styles.name}>{text("settings.theme")}</span>
        <Segmented
          legend={text("settings.theme")}
          value={useTheme()}
          onChange={chooseTheme}
          options={THEMES.map((theme) => ({ value: theme, label: text(`app.theme.${theme}`) }))}
        />
      </div>
      <Languages settings={settings} />
      {change.error && <Note tone="bad" icon="info" title={change.error.message} announced />}
    </>
  );
}

export function SiteName({ settings }: { settings: Settings }) {
  const [name, setName] = useState(settings.site_name ?? "");
  const change = useChangeSettings();
  const say = useToast();
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const onSuccess = (): void => say(text("settings.saved"));
    change.mutate({ site_name: name.trim() || null }, { onSuccess });
  };
  return (
    <form className={styles.naming} onSubmit={submit} noValidate>
      <TextField
        label={text("settings.site")}
        hint={text("settings.site.hint")}
        error={change.error?.message ?? null}
        maxLength={60}
        autoComplete="off"
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <Button type="submit" busy={change.isPending}>
        {text("settings.save")}
      </Button>
    </form>
  );
}

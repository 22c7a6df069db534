// What a channel tells, and when it is quiet.
import { useLanguages } from "@/api/channels";
import { isLanguage, LANGUAGES } from "@/lib/texts/languages";
import { Select } from "@/ui/Select";
import { Switch } from "@/ui/Switch";
import { TextField } from "@/ui/TextField";
import styles from "./ChannelForm.module.css";
import type { Form } from "./form";
import { MinerChoice } from "./MinerChoice";
import { text } from "./texts";

const SEVERITIES = ["info", "warning", "critical"] as const;
const ROLES = ["viewer", "member", "owner"] as const;

export interface WishProps {
  form: Form;
  set: (part: Partial<Form>) => void;
  errorOf: (name: string) => string | null;
}

export function WishFields({ form, set, errorOf, isChat }: WishProps & { isChat: boolean }) {
  const { data: languages = [] } = useLanguages();
  return (
    <>
      <h3 className={styles.heading}>{text("channels.what")}</h3>
      <Select
        label={text("channels.severity")}
        value={form.severity}
        options={SEVERITIES.map((value) => ({ value, label: text(`channels.severity.${value}`) }))}
        onChange={(severity) => set({ severity })}
      />
      <OnOff
        label={text("channels.goodNews")}
        checked={form.goodNews}
        onChange={(goodNews) => set({ goodNews })}
      />
      <MinerChoice
        chosen={form.miners}
        error={errorOf("miners")}
        onChange={(miners) => set({ miners })}
      />
      <Quiet form={form} set={set} errorOf={errorOf} />
      <Letter form={form} set={set} errorOf={errorOf} />
      {languages.length > 1 && (
        <Select
          label={text("channels.language")}
          value={form.language}
          options={[
            { value: "", label: text("channels.language.home") },
            ...languages.map((value) => ({ value, label: nameOf(value) })),
          ]}
          onChange={(language) => set({ language })}
        />
      )}
      {isChat && (
        <Select
          label={text("channels.role")}
          value={form.role}
          options={ROLES.map((value) => ({ value, label: text(`channels.role.${value}`) }))}
          onChange={(role) => set({ role })}
        />
      )}
    </>
  );
}

const LETTERS = ["off", "daily", "weekly"] as const;
/** A letter tells of the days before: none comes in the small hours. */
const HOURS = Array.from({ length: 21 }, (_, i) => String(i + 3));

function Letter({ form, set }: WishProps) {
  return (
    <>
      <Select
        label={text("channels.letter")}
        value={form.letter}
        options={LETTERS.map((value) => ({ value, label: text(`channels.letter.${value}`) }))}
        onChange={(letter) => set({ letter })}
      />
      {form.letter !== "off" && (
        <Select
          label={text("channels.letter.hour")}
          value={String(form.letterHour)}
          options={HOURS.map((value) => ({ value, label: `${value}:00` }))}
          onChange={(hour) => set({ letterHour: Number(hour) })}
        />
      )}
    </>
  );
}

/** A language in its own words, as everywhere on the page. */
const nameOf = (language: string): string =>
  isLanguage(language)
    ? LANGUAGES[language]
    : (new Intl.DisplayNames([language], { type: "language" }).of(language) ?? language);

function Quiet({ form, set, errorOf }: WishProps) {
  return (
    <>
      <OnOff
        label={text("channels.quiet")}
        checked={form.quiet}
        onChange={(quiet) => set({ quiet })}
      />
      {form.quiet && (
        <div className={styles.quiet}>
          <TextField
            type="time"
            label={text("channels.quiet.from")}
            value={form.quietFrom}
            error={errorOf("quiet_hours.from") ?? errorOf("quiet_hours")}
            onChange={(event) => set({ quietFrom: event.target.value })}
          />
          <TextField
            type="time"
            label={text("channels.quiet.to")}
            value={form.quietTo}
            error={errorOf("quiet_hours.to")}
            onChange={(event) => set({ quietTo: event.target.value })}
          />
          <OnOff
            label={text("channels.critical")}
            checked={form.criticalPasses}
            onChange={(criticalPasses) => set({ criticalPasses })}
          />
        </div>
      )}
    </>
  );
}

interface OnOffProps {
  label: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
}

function OnOff({ label, checked, onChange }: OnOffProps) {
  return (
    <div className={styles.onOff}>
      <span aria-hidden="true">{label}</span>
      <Switch label={label} checked={checked} onChange={onChange} />
    </div>
  );
}

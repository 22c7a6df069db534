// A channel's form as plain values, and what of it the monitor is asked to change. Pure.
import type { Channel, ChannelChange, ChannelField, ChannelKind, ChatRole } from "@/api/types";

export type Severity = Channel["least_severity"];

export interface Form {
  name: string;
  /** By the names of the kind's fields; an untouched secret stands empty. */
  settings: Readonly<Record<string, string>>;
  severity: Severity;
  goodNews: boolean;
  /** Null: all of them. */
  miners: readonly number[] | null;
  quiet: boolean;
  quietFrom: string;
  quietTo: string;
  criticalPasses: boolean;
  /** "": the household's. */
  language: string;
  letter: Channel["letter"];
  letterHour: number;
  role: ChatRole;
}

export function emptyForm(kind: ChannelKind): Form {
  return {
    name: kind.title,
    settings: Object.fromEntries(kind.fields.map((field) => [field.name, ""])),
    severity: "info",
    goodNews: true,
    miners: null,
    quiet: false,
    quietFrom: "22:00",
    quietTo: "07:00",
    criticalPasses: true,
    language: "",
    letter: "off",
    letterHour: 8,
    role: "member",
  };
}

export function formOf(channel: Channel, kind: ChannelKind): Form {
  return {
    name: channel.name,
    settings: { ...emptyForm(kind).settings, ...channel.settings },
    severity: channel.least_severity,
    goodNews: channel.good_news,
    miners: channel.miners.length === 0 ? null : channel.miners,
    quiet: channel.quiet_hours !== null,
    quietFrom: channel.quiet_hours?.from ?? "22:00",
    quietTo: channel.quiet_hours?.to ?? "07:00",
    criticalPasses: channel.critical_passes,
    language: channel.language ?? "",
    letter: channel.letter,
    letterHour: channel.letter_hour,
    role: channel.role,
  };
}

/** Secrets that were not typed anew stay as they are. */
function settingsOf(form: Form, kind: ChannelKind): Record<string, string> {
  const kept = kind.fields.filter((field) => !(field.secret && form.settings[field.name] === ""));
  return Object.fromEntries(
    kept.map(({ name, type }) => {
      const typed = form.settings[name] ?? "";
      return [name, type === "lines" ? typed : typed.trim()];
    }),
  );
}

export function changeOf(form: Form, kind: ChannelKind): ChannelChange {
  return {
    name: form.name.trim(),
    least_severity: form.severity,
    good_news: form.goodNews,
    miners: [...(form.miners ?? [])],
    quiet_hours: form.quiet ? { from: form.quietFrom, to: form.quietTo } : null,
    critical_passes: form.criticalPasses,
    language: form.language || null,
    letter: form.letter,
    letter_hour: form.letterHour,
    settings: settingsOf(form, kind),
    ...(kind.kind === "telegram" && { role: form.role }),
  };
}

/** The names of needed fields that stand empty. `kept`: secrets that the monitor has already. */
export function missingFields(
  form: Form,
  kind: ChannelKind,
  kept: readonly string[],
): ReadonlySet<string> {
  const isMissing = (field: ChannelField): boolean =>
    field.required && (form.settings[field.name] ?? "").trim() === "" && !kept.includes(field.name);
  return new Set(kind.fields.filter(isMissing).map((field) => field.name));
}

/**
 * The monitor begins what it has against one field with "`name` (Title) ". Gives whose fault it
 * is, and the words that are left for the place below that field.
 */
export function complaintOf(message: string): { field: string | null; words: string } {
  const match = /^`([\w.]+)`(?: \(([^)]*)\))? (.*)$/s.exec(message);
  if (!match) return { field: null, words: message };
  const [, field = "", title = "", words = ""] = match;
  const rest = title === "" ? words : `${title} ${words}`;
  return { field, words: rest.charAt(0).toUpperCase() + rest.slice(1) };
}

// The fields of a service, as the monitor lists them.
import type { ChannelField } from "@/api/types";
import { Select } from "@/ui/Select";
import { TextArea } from "@/ui/TextArea";
import { TextField } from "@/ui/TextField";
import styles from "./ChannelForm.module.css";
import { findText, text } from "./texts";

interface Props {
  fields: readonly ChannelField[];
  values: Readonly<Record<string, string>>;
  /** The secrets that the monitor has already. */
  kept: readonly string[];
  errorOf: (name: string) => string | null;
  onChange: (name: string, value: string) => void;
}

export function SettingFields({ fields, values, kept, errorOf, onChange }: Props) {
  return fields.map((field) => (
    <Setting
      key={field.name}
      field={field}
      value={values[field.name] ?? ""}
      isKept={kept.includes(field.name)}
      error={errorOf(field.name)}
      onChange={(value) => onChange(field.name, value)}
    />
  ));
}

interface SettingProps {
  field: ChannelField;
  value: string;
  isKept: boolean;
  error: string | null;
  onChange: (value: string) => void;
}

function hintOf(field: ChannelField, isKept: boolean): string {
  const { help, secret, default: usual } = field;
  const more = secret
    ? text(isKept ? "channels.secret.kept" : "channels.secret.new")
    : usual !== null && text("channels.default", { value: usual });
  return more ? `${help} ${more}` : help;
}

function Setting({ field, value, isKept, error, onChange }: SettingProps) {
  const { title, type, required, secret } = field;
  if (type === "choice") return <Choice field={field} value={value} onChange={onChange} />;
  const common = {
    label: required ? title : text("channels.optional", { title }),
    hint: hintOf(field, isKept),
    error,
    value,
    autoComplete: "off",
    "aria-required": required,
    spellCheck: false,
  };
  if (type === "lines")
    return <TextArea {...common} onChange={(event) => onChange(event.target.value)} />;
  return (
    <TextField
      {...common}
      type={secret && type !== "url" ? "password" : "text"}
      inputMode={type === "number" ? "numeric" : type === "url" ? "url" : "text"}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

function Choice({ field, value, onChange }: Pick<SettingProps, "field" | "value" | "onChange">) {
  const { title, help, choices = [] } = field;
  return (
    <div className={styles.choice}>
      <Select
        label={title}
        value={value || (field.default ?? "")}
        options={choices.map((choice) => ({
          value: choice,
          label: findText(`channels.choice.${choice}`) ?? choice,
        }))}
        onChange={onChange}
      />
      <p className={styles.hint}>{help}</p>
    </div>
  );
}

// A channel's form: what the service needs, and what it is to tell. `channel` null: a new one.
import { useState, type SubmitEvent } from "react";
import { useAddChannel, useChangeChannel } from "@/api/channels";
import type { Channel, ChannelKind } from "@/api/types";
import { Button } from "@/ui/Button";
import { Note } from "@/ui/Note";
import { TextField } from "@/ui/TextField";
import styles from "./ChannelForm.module.css";
import { changeOf, complaintOf, emptyForm, formOf, missingFields, type Form } from "./form";
import { SettingFields } from "./SettingFields";
import { text } from "./texts";
import { WishFields } from "./WishFields";

interface Props {
  kind: ChannelKind;
  channel: Channel | null;
  onDone: (channel: Channel) => void;
  onCancel: () => void;
}

const OWN_FIELDS = ["name", "miners", "quiet_hours", "quiet_hours.from", "quiet_hours.to"];

/** Adds or changes, as the form is for. */
function useSave({ kind, channel, onDone }: Props) {
  const add = useAddChannel();
  const change = useChangeChannel(channel?.id ?? 0);
  const save = (form: Form): void => {
    const wanted = changeOf(form, kind);
    if (channel) change.mutate(wanted, { onSuccess: onDone });
    else add.mutate({ enabled: true, ...wanted, kind: kind.kind }, { onSuccess: onDone });
  };
  return { save, isPending: add.isPending || change.isPending, error: add.error ?? change.error };
}

export function ChannelForm(props: Props) {
  const { kind, channel, onCancel } = props;
  const [form, setForm] = useState(() => (channel ? formOf(channel, kind) : emptyForm(kind)));
  const [missing, setMissing] = useState<ReadonlySet<string>>(new Set());
  const { save, isPending, error } = useSave(props);
  const kept = channel?.secrets_set ?? [];
  const complaint = error ? complaintOf(error.message) : null;
  const hasPlace =
    complaint?.field != null &&
    (OWN_FIELDS.includes(complaint.field) ||
      kind.fields.some((field) => field.name === complaint.field));
  const errorOf = (name: string): string | null => {
    if (missing.has(name))
      return text(name === "miners" ? "channels.miners.needed" : "channels.needed");
    return complaint?.field === name ? complaint.words : null;
  };
  const set = (part: Partial<Form>): void => setForm({ ...form, ...part });
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const lacks = new Set(missingFields(form, kind, kept));
    if (form.name.trim() === "") lacks.add("name");
    if (form.miners?.length === 0) lacks.add("miners");
    setMissing(lacks);
    if (lacks.size === 0 && !isPending) save(form);
  };
  return (
    <form className={styles.form} onSubmit={submit} noValidate>
      <TextField
        label={text("channels.name")}
        hint={text("channels.name.hint")}
        value={form.name}
        maxLength={63}
        autoComplete="off"
        error={errorOf("name")}
        onChange={(event) => set({ name: event.target.value })}
      />
      <SettingFields
        fields={kind.fields}
        values={form.settings}
        kept={kept}
        errorOf={errorOf}
        onChange={(name, value) => set({ settings: { ...form.settings, [name]: value } })}
      />
      <WishFields form={form} set={set} errorOf={errorOf} isChat={kind.kind === "telegram"} />
      {complaint && !hasPlace && <Note tone="bad" icon="info" title={complaint.words} announced />}
      <div className={styles.actions}>
        <Button look="quiet" onClick={onCancel}>
          {text("app.cancel")}
        </Button>
        <Button type="submit" look="primary" busy={isPending}>
          {text(channel ? "channels.save" : "channels.saveNew")}
        </Button>
      </div>
    </form>
  );
}

// The form that tunes one rule, with what the change would have done to the last weeks.
import { useState, type SubmitEvent } from "react";
import { useChangeRule } from "@/api/alerts";
import type { Rule, RuleChange } from "@/api/types";
import { Button } from "@/ui/Button";
import { Note } from "@/ui/Note";
import { Select } from "@/ui/Select";
import { TextField } from "@/ui/TextField";
import { useToast } from "@/ui/Toasts";
import { Preview } from "./Preview";
import { changeOf, fieldsOf, hasLimit, wrongFields, type Fields } from "./rule_change";
import styles from "./Rules.module.css";
import { text } from "./texts";
import { shownUnit } from "./words";

const SEVERITIES = ["info", "warning", "critical"] as const;

interface Props {
  rule: Rule;
  /** Null tunes what holds for all. */
  miner: number | null;
  onDone: () => void;
}

const ALL_BACK: RuleChange = {
  enabled: null,
  severity: null,
  limit: null,
  hysteresis: null,
  hold_s: null,
  clear_s: null,
  cooldown_s: null,
  reminder_s: null,
};

export function RuleForm({ rule, miner, onDone }: Props) {
  const change = useChangeRule(miner, rule.rule);
  const say = useToast();
  const [fields, setFields] = useState(() => fieldsOf(rule));
  const [wrong, setWrong] = useState<ReadonlySet<keyof Fields>>(new Set());
  const errorOf = (name: keyof Fields): string | null => {
    if (!wrong.has(name)) return null;
    return text(name === "limit" ? "rules.notANumber" : "rules.wrongMinutes");
  };
  const set = (part: Partial<Fields>): void => setFields({ ...fields, ...part });
  const save = (wanted: RuleChange): void => {
    const onSuccess = (): void => {
      say(text("rules.saved"));
      onDone();
    };
    change.mutate(wanted, { onSuccess });
  };
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const wrong = wrongFields(fields);
    setWrong(wrong);
    if (wrong.size === 0) save(changeOf(rule, fields));
  };
  return (
    <form className={styles.form} onSubmit={submit}>
      <Select
        label={text("rules.severity")}
        value={fields.severity}
        options={SEVERITIES.map((value) => ({ value, label: text(`rules.severity.${value}`) }))}
        onChange={(severity) => set({ severity })}
      />
      {!rule.moment && (
        <>
          {hasLimit(rule) && (
            <TextField
              label={text("rules.limit", { unit: shownUnit(rule.unit) }).trim()}
              hint={text("rules.limit.hint")}
              inputMode={rule.unit === "dBm" ? "text" : "decimal"}
              error={errorOf("limit")}
              value={fields.limit}
              onChange={(event) => set({ limit: event.target.value })}
            />
          )}
          <TextField
            label={text("rules.hold")}
            inputMode="decimal"
            error={errorOf("hold")}
            value={fields.hold}
            onChange={(event) => set({ hold: event.target.value })}
          />
          <TextField
            label={text("rules.reminder")}
            hint={text("rules.reminder.hint")}
            inputMode="decimal"
            error={errorOf("reminder")}
            value={fields.reminder}
            onChange={(event) => set({ reminder: event.target.value })}
          />
        </>
      )}
      {wrongFields(fields).size === 0 && (
        <Preview rule={rule} miner={miner} change={changeOf(rule, fields)} />
      )}
      {change.error && <Note tone="bad" icon="info" title={change.error.message} announced />}
      <div className={styles.formActions}>
        <Button type="submit" look="primary" busy={change.isPending}>
          {text("rules.save")}
        </Button>
        {rule.changed && (
          <Button look="quiet" busy={change.isPending} onClick={() => save(ALL_BACK)}>
            {text("rules.back")}
          </Button>
        )}
      </div>
    </form>
  );
}

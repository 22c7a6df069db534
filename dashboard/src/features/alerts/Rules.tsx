// What is watched for: in plain words, switched on or off and tuned, for all miners or for one.
import { useState, type SubmitEvent } from "react";
import { useChangeRule, useRules } from "@/api/alerts";
import type { Rule, RuleChange } from "@/api/types";
import { Button } from "@/ui/Button";
import { Label } from "@/ui/Label";
import { Note } from "@/ui/Note";
import { Select } from "@/ui/Select";
import { Skeleton } from "@/ui/Skeleton";
import { Switch } from "@/ui/Switch";
import { TextField } from "@/ui/TextField";
import { useToast } from "@/ui/Toasts";
import { changeOf, fieldsOf, wrongFields, type Fields } from "./rule_change";
import styles from "./Rules.module.css";
import { text } from "./texts";
import { withUnit } from "./words";

const SEVERITIES = ["info", "warning", "critical"] as const;

/** `miner`: null tunes what holds for all. */
export function Rules({ miner }: { miner: number | null }) {
  const rules = useRules(miner);
  if (rules.isPending) return <Skeleton height="20rem" />;
  if (rules.error) return <Note tone="warn" icon="info" title={rules.error.message} />;
  return (
    <ul className={styles.list}>
      {rules.data.map((rule) => (
        <RuleItem key={rule.rule} rule={rule} miner={miner} />
      ))}
    </ul>
  );
}

interface ItemProps {
  rule: Rule;
  miner: number | null;
}

function RuleItem({ rule, miner }: ItemProps) {
  const change = useChangeRule(miner, rule.rule);
  const [open, setOpen] = useState(false);
  // The switch moves at once, and back when the monitor refuses.
  const [wanted, setWanted] = useState<boolean | null>(null);
  const watch = (enabled: boolean): void => {
    setWanted(enabled);
    change.mutate({ enabled }, { onSettled: () => setWanted(null) });
  };
  return (
    <li className={styles.item}>
      <div className={styles.head}>
        <div className={styles.words}>
          <h2 className={styles.title}>
            {rule.title}
            {rule.changed && <Label tone="calm">{text("rules.changed")}</Label>}
          </h2>
          <p className={styles.meaning}>{rule.meaning}</p>
          {rule.enabled && rule.limit !== null && (
            <p className={styles.meaning}>
              {text("rules.limitNow", { limit: withUnit(rule.limit, rule.unit) })}
            </p>
          )}
        </div>
        <div className={styles.actions}>
          <Switch
            label={text("rules.watch", { title: rule.title })}
            checked={wanted ?? rule.enabled}
            busy={change.isPending}
            onChange={watch}
          />
          <Button look="quiet" aria-expanded={open} onClick={() => setOpen(!open)}>
            {text(open ? "rules.less" : "rules.tune")}
          </Button>
        </div>
      </div>
      {change.error && !open && <Note tone="bad" icon="info" title={change.error.message} />}
      {open && <RuleForm rule={rule} miner={miner} onDone={() => setOpen(false)} />}
    </li>
  );
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

function RuleForm({ rule, miner, onDone }: ItemProps & { onDone: () => void }) {
  const change = useChangeRule(miner, rule.rule);
  const say = useToast();
  const before = fieldsOf(rule);
  const [fields, setFields] = useState(before);
  const [wrong, setWrong] = useState<ReadonlySet<keyof Fields>>(new Set());
  const errorOf = (name: keyof Fields): string | null =>
    wrong.has(name) ? text("rules.notANumber") : null;
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
    if (wrong.size === 0) save(changeOf(before, fields));
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
          <TextField
            label={text("rules.limit", { unit: rule.unit })}
            hint={text("rules.limit.hint")}
            inputMode="decimal"
            error={errorOf("limit")}
            value={fields.limit}
            onChange={(event) => set({ limit: event.target.value })}
          />
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

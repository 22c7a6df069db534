// What is watched for: in plain words, switched on or off and tuned, for all miners or for one.
import { useState } from "react";
import { useChangeRule, useRules } from "@/api/alerts";
import type { Rule } from "@/api/types";
import { Button } from "@/ui/Button";
import { Label } from "@/ui/Label";
import { Note } from "@/ui/Note";
import { Skeleton } from "@/ui/Skeleton";
import { Switch } from "@/ui/Switch";
import { RuleForm } from "./RuleForm";
import styles from "./Rules.module.css";
import { text } from "./texts";
import { withUnit } from "./words";

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

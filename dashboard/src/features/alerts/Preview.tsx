// Before a rule is saved: how often it would have fired lately, and when.
import { useState, type ReactNode } from "react";
import { Link } from "wouter";
import { useRulePreview } from "@/api/alerts";
import { ApiError } from "@/api/client";
import type { Rule, RuleChange, RulePreview } from "@/api/types";
import { localTime } from "@/lib/time";
import { Button } from "@/ui/Button";
import { Note } from "@/ui/Note";
import { useNow } from "@/ui/useNow";
import { useSettled } from "@/ui/useSettled";
import styles from "./Preview.module.css";
import { chartAddress, course, newestFirst, PREVIEW_DAYS, triedOf, verdict } from "./preview";
import { text } from "./texts";

interface Props {
  rule: Rule;
  miner: number | null;
  change: RuleChange;
}

/** Time to type a number to its end. */
const REST_MS = 500;
const CANNOT_BE_TRIED = 422;

export function Preview({ rule, miner, change }: Props) {
  const tried = triedOf(change);
  return (
    <div className={styles.preview} role="status">
      {tried.kind === "usual" && <Hint>{text("rules.preview.usual")}</Hint>}
      {tried.kind === "values" && <Tried rule={rule} miner={miner} query={tried.query} />}
    </div>
  );
}

const Hint = ({ children }: { children: ReactNode }) => <p className={styles.hint}>{children}</p>;

function Tried({ rule, miner, query }: Omit<Props, "change"> & { query: string }) {
  // The rule as it holds is asked for first: whether it can be tried at all shows there.
  const now = useRulePreview({ rule: rule.rule, miner, days: PREVIEW_DAYS, query: "" });
  const settled = useSettled(query, REST_MS);
  const asked = { rule: rule.rule, miner, days: PREVIEW_DAYS, query: settled };
  const tried = useRulePreview(asked, now.isSuccess);
  if (now.error instanceof ApiError && now.error.status === CANNOT_BE_TRIED) {
    return <Hint>{text("rules.preview.cannot")}</Hint>;
  }
  const failed = now.error ? now : tried;
  if (failed.error) {
    return (
      <Note
        tone="warn"
        icon="info"
        title={text("rules.preview.failed")}
        action={<Button onClick={() => void failed.refetch()}>{text("app.retry")}</Button>}
      >
        {failed.error.message}
      </Note>
    );
  }
  if (!now.data || !tried.data || settled !== query) {
    return <Hint>{text("rules.preview.busy")}</Hint>;
  }
  return <Outcome tried={tried.data} now={now.data} unit={rule.unit} />;
}

const LISTED = 5;

interface OutcomeProps {
  tried: RulePreview;
  now: RulePreview;
  unit: string;
}

function Outcome({ tried, now, unit }: OutcomeProps) {
  const [all, setAll] = useState(false);
  const now_ms = useNow(60_000);
  const episodes = newestFirst(tried.episodes);
  const shown = all ? episodes : episodes.slice(0, LISTED);
  const more = episodes.length - shown.length;
  return (
    <Note tone="calm" icon="bell" title={verdict(tried, now)}>
      {tried.shortened && <p>{text("rules.preview.shortened")}</p>}
      {shown.length > 0 && (
        <ul className={styles.list} aria-label={text("rules.preview.list")}>
          {shown.map((episode) => (
            <li key={`${episode.miner_id} ${episode.from}`} className={styles.item}>
              <Link to={chartAddress(episode, now_ms)}>
                {episode.miner_name ?? text("alerts.removedMiner")},{" "}
                {localTime(episode.from, new Date(now_ms))}
              </Link>
              <span className={styles.hint}>{course(episode, unit)}</span>
            </li>
          ))}
        </ul>
      )}
      {more > 0 && (
        <Button look="quiet" onClick={() => setAll(true)}>
          {text("rules.preview.all", { count: more })}
        </Button>
      )}
      {all && tried.count > episodes.length && (
        <p>{text("rules.preview.rest", { count: episodes.length })}</p>
      )}
    </Note>
  );
}

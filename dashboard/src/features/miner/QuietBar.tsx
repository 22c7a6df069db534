// Silence for this miner, and the ways to its rules and alerts.
import { Link } from "wouter";
import { useMute, useMutes, useUnmute } from "@/api/alerts";
import type { Miner, Mute, NewMute } from "@/api/types";
import { Button } from "@/ui/Button";
import { Icon } from "@/ui/Icon";
import { Menu } from "@/ui/Menu";
import { Note } from "@/ui/Note";
import { useNow } from "@/ui/useNow";
import { useToast } from "@/ui/Toasts";
import styles from "./QuietBar.module.css";
import { isToday, LONG_MINUTES, morningAfter, quietOf, quietWords } from "./quiet";
import { text } from "./texts";

const TICK_MS = 10_000;

/** `alerts`: the id of the element that lists the miner's alerts. */
export function QuietBar({ miner, alerts }: { miner: Miner; alerts: string }) {
  const { data: mutes = [] } = useMutes();
  const now_ms = useNow(TICK_MS);
  const { whole, some } = quietOf(mutes, miner.id, now_ms);
  return (
    <section className={styles.quiet} aria-label={text("quiet.label")}>
      {whole && <Silence mute={whole} now_ms={now_ms} />}
      <div className={styles.ways}>
        {!whole && <MuteMenu miner={miner} now_ms={now_ms} />}
        <Link to={`/alerts/rules?miner=${miner.id}`} className={styles.way}>
          <Icon name="wrench" />
          {text("quiet.rules")}
        </Link>
        <a href={`#${alerts}`} className={styles.way}>
          <Icon name="bell" />
          {text("quiet.alerts")}
        </a>
      </div>
      {some.length > 0 && (
        <p className={styles.some}>
          {text("quiet.some", { count: some.length })}{" "}
          <Link to="/alerts">{text("quiet.which")}</Link>
        </p>
      )}
    </section>
  );
}

function Silence({ mute, now_ms }: { mute: Mute; now_ms: number }) {
  const unmute = useUnmute();
  const say = useToast();
  const lift = (): void => unmute.mutate(mute.id, { onSuccess: () => say(text("quiet.lifted")) });
  return (
    <Note
      tone="calm"
      icon="bellOff"
      title={quietWords(mute, now_ms)}
      action={
        <Button busy={unmute.isPending} onClick={lift}>
          {text("quiet.unmute")}
        </Button>
      }
    >
      {unmute.error?.message ?? text("quiet.text")}
    </Note>
  );
}

function MuteMenu({ miner, now_ms }: { miner: Miner; now_ms: number }) {
  const mute = useMute();
  const say = useToast();
  const until = (span: Pick<NewMute, "minutes" | "until">): void => {
    if (mute.isPending) return;
    const wish = { ...span, miner_id: miner.id, rule: null };
    mute.mutate(wish, { onSuccess: () => say(text("quiet.done")) });
  };
  const morning = morningAfter(now_ms);
  return (
    <>
      <div className={styles.mute}>
        <Menu
          label={text("quiet.mute")}
          icon="bellOff"
          words
          items={[
            { label: text("quiet.half"), icon: "bellOff", onSelect: () => until({ minutes: 30 }) },
            { label: text("quiet.two"), icon: "bellOff", onSelect: () => until({ minutes: 120 }) },
            {
              label: text(isToday(morning, now_ms) ? "quiet.today" : "quiet.morning"),
              icon: "sunrise",
              onSelect: () => until({ until: morning.toISOString() }),
            },
            {
              label: text("quiet.long"),
              icon: "stop",
              onSelect: () => until({ minutes: LONG_MINUTES }),
            },
          ]}
        />
      </div>
      {mute.error && (
        <Note tone="bad" icon="info" title={text("quiet.failed")} announced>
          {mute.error.message}
        </Note>
      )}
    </>
  );
}

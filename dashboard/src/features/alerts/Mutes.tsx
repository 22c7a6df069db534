// What is muted now, and for how long.
import { useMutes, useUnmute } from "@/api/alerts";
import type { Mute } from "@/api/types";
import { duration } from "@/lib/time";
import { Button } from "@/ui/Button";
import { Note } from "@/ui/Note";
import { useNow } from "@/ui/useNow";
import styles from "./Mutes.module.css";
import { text } from "./texts";

export function Mutes() {
  const { data: mutes = [] } = useMutes();
  const unmute = useUnmute();
  const now_ms = useNow(10_000);
  if (mutes.length === 0) return null;
  const what = (mute: Mute): string =>
    text(mute.rule === null ? "alerts.mute.all" : "alerts.mute.one", {
      whose: mute.miner_name ?? text("alerts.mute.everyone"),
    });
  return (
    <ul className={styles.mutes}>
      {mutes.map((mute) => (
        <li key={mute.id}>
          <Note
            tone="calm"
            icon="bellOff"
            title={what(mute)}
            action={
              <Button busy={unmute.isPending} onClick={() => unmute.mutate(mute.id)}>
                {text("alerts.unmute")}
              </Button>
            }
          >
            {text("alerts.mute.left", {
              span: duration(Math.max(0, (Date.parse(mute.until ?? "") - now_ms) / 1000)),
            })}
          </Note>
        </li>
      ))}
    </ul>
  );
}

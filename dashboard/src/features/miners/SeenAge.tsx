import type { Miner } from "@/api/types";
import { text } from "@/lib/texts";
import { Age } from "@/ui/Age";
import { classes } from "@/ui/classes";
import styles from "./SeenAge.module.css";

/** States in which the readings shown are those of the last answer just now. */
const AWAY = new Set(["offline", "unresponsive", "unknown"]);

/** How old the readings are; of a miner that is away, when it was seen last. */
export function SeenAge({ miner }: { miner: Miner }) {
  if (miner.age_s === null) return <span className={styles.seen}>{text("miner.neverSeen")}</span>;
  const age = <Age age_s={miner.age_s} arrived_ms={miner.arrived_ms} />;
  const away = AWAY.has(miner.state);
  return (
    <span className={styles.seen}>
      <span
        key={miner.version}
        className={classes(styles.dot, !away && styles.live)}
        aria-hidden="true"
      />
      <span>
        {away && text("miner.lastSeen", { ago: "" })}
        {age}
      </span>
    </span>
  );
}

// For a tablet on the wall: how things stand, readable from across the room, and nothing to press.
import { useMemo } from "react";
import { useConnection, useHeard_ms, useMiners, useSummary } from "@/api/queries";
import type { Miner } from "@/api/types";
import { byAttention, toneOf } from "@/lib/attention";
import { hashrateParts, powerParts, temperature, hashrate } from "@/lib/format";
import { currentLocale } from "@/lib/locale";
import { text, withFirmUnits } from "@/lib/texts";
import { ago } from "@/lib/time";
import { totalsOf } from "@/lib/totals";
import { classes } from "@/ui/classes";
import { Face } from "@/ui/Face";
import tones from "@/ui/tones.module.css";
import { useNow } from "@/ui/useNow";
import { Value } from "@/ui/Value";
import styles from "./Wall.module.css";

/** More cannot be read from across a room; those in need come first. */
const TILES_MOST = 24;

export function Wall() {
  const { data: miners = [] } = useMiners();
  const summary = useSummary().data;
  const lost = useConnection() === "lost";
  const first = useMemo(() => byAttention(miners).slice(0, TILES_MOST), [miners]);
  const totals = totalsOf(miners);
  const mood = lost ? "attention" : (summary?.mood ?? "fine");
  return (
    <div className={classes(styles.wall, styles[mood])}>
      <header className={styles.head}>
        <Face mood={mood} size={132} />
        <h1 className={styles.sentence} aria-live="polite">
          {withFirmUnits(summary?.text ?? text("summary.loading"))}
        </h1>
        <Clock />
      </header>
      {lost && (
        <p className={styles.lost}>
          {text("connection.lost")} <Known />
        </p>
      )}
      <dl className={styles.totals}>
        <div>
          <dt>{text("fleet.hashrate")}</dt>
          <dd>
            <Value parts={hashrateParts(totals.hashrate_ghs)} />
          </dd>
        </div>
        <div>
          <dt>{text("fleet.power")}</dt>
          <dd>
            <Value parts={powerParts(totals.power_w)} />
          </dd>
        </div>
      </dl>
      <ul className={styles.tiles}>
        {first.map((miner) => (
          <Tile key={miner.id} miner={miner} />
        ))}
      </ul>
      {miners.length > first.length && (
        <p className={styles.more}>{text("wall.more", { count: miners.length - first.length })}</p>
      )}
    </div>
  );
}

function Known() {
  const heard_ms = useHeard_ms();
  const now_ms = useNow(1000);
  if (heard_ms === null) return text("connection.lost.nothing");
  return text("connection.lost.known", { ago: ago(Math.max(0, now_ms - heard_ms) / 1000) });
}

function Clock() {
  const now = new Date(useNow(1000));
  return (
    <time className={styles.clock} dateTime={now.toISOString()}>
      {now.toLocaleTimeString(currentLocale(), { hour: "2-digit", minute: "2-digit" })}
    </time>
  );
}

function Tile({ miner }: { miner: Miner }) {
  const tone = toneOf(miner);
  return (
    <li className={classes(styles.tile, tones[tone], tone !== "good" && styles.marked)}>
      <span className={styles.name}>{miner.name}</span>
      <span className={styles.state}>{miner.state_title}</span>
      <span className={styles.figures}>
        {hashrate(miner.sample.hashrate_ghs)} · {temperature(miner.sample.chip_temp_c)}
      </span>
    </li>
  );
}

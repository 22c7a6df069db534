import type { Miner } from "@/api/types";
import { text } from "@/lib/texts";
import { localTime } from "@/lib/time";
import styles from "./MinerFacts.module.css";

type Row = [title: string, value: string | null];

function chipOf(miner: Miner): string | null {
  if (miner.asic_model === null) return null;
  if (miner.asic_count === null || miner.asic_count < 2) return miner.asic_model;
  return text("miner.facts.chips", { count: miner.asic_count, model: miner.asic_model });
}

function poolOf({ pool }: Miner): string | null {
  if (pool === null) return null;
  const place = pool.port === null ? pool.host : `${pool.host}:${pool.port}`;
  return pool.fallback ? `${place} (${text("miner.facts.fallback")})` : place;
}

/** What the device says about itself, and where it is. */
export function MinerFacts({ miner }: { miner: Miner }) {
  const now = new Date();
  const rows: Row[] = [
    [text("miner.facts.model"), miner.model],
    [text("miner.facts.chip"), chipOf(miner)],
    [text("miner.facts.firmware"), miner.firmware],
    [text("miner.facts.pool"), poolOf(miner)],
    [text("miner.facts.hostname"), miner.hostname],
    [text("miner.facts.mac"), miner.mac],
    [text("miner.facts.added"), localTime(miner.created_at, now)],
    [text("miner.facts.seen"), localTime(miner.seen_at, now)],
  ];
  return (
    <section aria-labelledby="facts-title" className={styles.facts}>
      <h2 id="facts-title" className={styles.title}>
        {text("miner.facts")}
      </h2>
      <dl className={styles.list}>
        <div>
          <dt>{text("miner.facts.address")}</dt>
          <dd>
            <a href={miner.address} target="_blank" rel="noreferrer">
              {miner.address.replace(/^http:\/\//, "")}
            </a>
          </dd>
        </div>
        {rows.map(([title, value]) => (
          <div key={title}>
            <dt>{title}</dt>
            <dd>{value ?? text("app.unknown")}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

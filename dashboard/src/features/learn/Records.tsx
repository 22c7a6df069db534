// The record book: what was best, whose it was and when.
import { useRecords } from "@/api/learn";
import type { Records as Book } from "@/api/types";
import * as format from "@/lib/format";
import { duration } from "@/lib/time";
import { Icon, type IconName } from "@/ui/Icon";
import { Value } from "@/ui/Value";
import styles from "./Learn.module.css";
import { Failed, Loading } from "./States";
import { text } from "./texts";
import { dayOf, holderWords } from "./words";

export function Records({ miner }: { miner: number | null }) {
  const { data, isError } = useRecords(miner);
  if (isError && !data) return <Failed />;
  if (!data) return <Loading />;
  return (
    <>
      <p className={styles.lead}>{text("records.lead")}</p>
      <ul className={styles.records}>
        {entriesOf(data).map((entry) => (
          <li key={entry.title} className={styles.card}>
            <h2 className={styles.recordTitle}>
              <span className={styles.medal}>
                <Icon name={entry.icon} />
              </span>
              {entry.title}
            </h2>
            <p className={styles.recordValue}>
              {entry.parts === null ? text("records.none") : <Value parts={entry.parts} />}
            </p>
            {entry.meaning && <p>{entry.meaning}</p>}
            <p className={styles.small}>{entry.when}</p>
          </li>
        ))}
      </ul>
      <p className={styles.small}>{text("records.late")}</p>
    </>
  );
}

interface Entry {
  icon: IconName;
  title: string;
  parts: format.Parts | null;
  meaning?: string;
  when: string;
}

function entriesOf(book: Book): Entry[] {
  return [...singles(book), ...sums(book)];
}

function singles(book: Book): Entry[] {
  const { best_difficulty, hashrate_ghs, efficiency_j_th, uptime_s } = book;
  return [
    {
      icon: "star",
      title: text("records.best"),
      parts: best_difficulty && format.difficultyParts(best_difficulty.value),
      when: holderWords(best_difficulty),
    },
    {
      icon: "sunrise",
      title: text("records.hashrate"),
      parts: hashrate_ghs && format.hashrateParts(hashrate_ghs.value),
      meaning: text("records.hashrate.text"),
      when: hashrate_ghs ? holderWords(hashrate_ghs) : text("records.none.day"),
    },
    {
      icon: "bulb",
      title: text("records.efficiency"),
      parts: efficiency_j_th && format.efficiencyParts(efficiency_j_th.value),
      meaning: text("records.efficiency.text"),
      when: efficiency_j_th ? holderWords(efficiency_j_th) : text("records.none.day"),
    },
    {
      icon: "route",
      title: text("records.uptime"),
      parts: uptime_s && { value: duration(uptime_s.value), unit: "" },
      meaning: text("records.uptime.text"),
      when: holderWords(uptime_s),
    },
  ];
}

function sums(book: Book): Entry[] {
  const when = book.since === null ? "" : text("records.since", { day: dayOf(book.since) });
  return [
    {
      icon: "bolt",
      title: text("records.energy"),
      parts: book.since === null ? null : format.energyParts(book.energy_kwh),
      when,
    },
    {
      icon: "check",
      title: text("records.shares"),
      parts: book.since === null ? null : format.countParts(book.shares_accepted),
      ...(book.since !== null && {
        meaning: text("records.shares.text", {
          rejected: format.joined(format.countParts(book.shares_rejected)),
        }),
      }),
      when,
    },
  ];
}

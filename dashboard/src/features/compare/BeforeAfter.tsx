// What a change of settings did: the day before it beside the day after.
import { useState } from "react";
import { useHistory } from "@/api/queries";
import type { History, Miner } from "@/api/types";
import * as format from "@/lib/format";
import type { Stretch } from "@/lib/view";
import { Label } from "@/ui/Label";
import { Skeleton } from "@/ui/Skeleton";
import { averagesOf, COMPARED, verdict, type Averages, type Verdict } from "./averages";
import styles from "./BeforeAfter.module.css";
import { text } from "./texts";

const DAY_MS = 24 * 3_600_000;
const POINTS = 600;

const ROWS = [
  { figure: "hashrate_ghs", title: "compare.hashrate", more: true, show: format.hashrate },
  {
    figure: "power_w",
    title: "compare.power",
    more: false,
    show: (watts: number | null) => format.joined(format.powerParts(watts)),
  },
  {
    figure: "efficiency_j_th",
    title: "compare.efficiency",
    more: false,
    show: (value: number | null) => format.joined(format.efficiencyParts(value)),
  },
  {
    figure: "chip_temp_c",
    title: "compare.chip",
    more: false,
    show: (celsius: number | null) => format.temperature(celsius, 1),
  },
  {
    figure: "error_pct",
    title: "compare.errors",
    more: false,
    show: (value: number | null) => format.joined(format.percentParts(value, 2)),
  },
] as const;

const TONES = { better: "good", worse: "warn", same: "calm", unknown: "calm" } as const;

function useAverages(miner: Miner, stretch: Stretch): Averages | null {
  const view = { kind: "fixed", ...stretch } as const;
  const wanted = { view, begin_ms: 0, points: POINTS, metrics: COMPARED };
  const { data } = useHistory(miner.id, wanted);
  return data ? averagesOf(data satisfies History, stretch) : null;
}

export function BeforeAfter({ miner, at_ms }: { miner: Miner; at_ms: number }) {
  const [opened_ms] = useState(() => Date.now());
  const before = useAverages(miner, { from_ms: at_ms - DAY_MS, to_ms: at_ms });
  const after = useAverages(miner, {
    from_ms: at_ms,
    to_ms: Math.max(at_ms + 60_000, Math.min(opened_ms, at_ms + DAY_MS)),
  });
  if (!before || !after) return <Skeleton height="12rem" />;
  return (
    <section className={styles.section} aria-labelledby="compare-title">
      <h2 id="compare-title" className={styles.title}>
        {text("compare.title")}
      </h2>
      <p className={styles.lead}>{text("compare.lead")}</p>
      <div className={styles.frame}>
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">{text("compare.figure")}</th>
              <th scope="col">{text("compare.before")}</th>
              <th scope="col">{text("compare.after")}</th>
              <th scope="col">{text("compare.verdict")}</th>
            </tr>
          </thead>
          <tbody>
            {ROWS.map(({ figure, title, more, show }) => (
              <tr key={figure}>
                <th scope="row">{text(title)}</th>
                <td>{show(before[figure])}</td>
                <td>{show(after[figure])}</td>
                <td>
                  <Outcome outcome={verdict(before[figure], after[figure], more)} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Outcome({ outcome }: { outcome: Verdict }) {
  return <Label tone={TONES[outcome]}>{text(`compare.${outcome}`)}</Label>;
}

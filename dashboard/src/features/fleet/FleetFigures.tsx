// The figures of all miners together, in one quiet row.
import { useMiners } from "@/api/queries";
import { useSettings } from "@/api/settings";
import { costOf } from "@/lib/cost";
import {
  difficultyParts,
  efficiencyParts,
  energyPerDay,
  hashrateParts,
  percentOf,
  powerParts,
  type Parts,
} from "@/lib/format";
import { text } from "@/lib/texts";
import { totalsOf } from "@/lib/totals";
import { Value } from "@/ui/Value";
import styles from "./FleetFigures.module.css";

interface Figure {
  title: string;
  parts: Parts;
  aside: string | null;
}

export function FleetFigures() {
  const { data } = useMiners();
  const price = useSettings().data;
  if (!data || data.length === 0) return null;
  const totals = totalsOf(data);
  const cost = costOf(totals.power_w, 1, price);
  const percent = percentOf(totals.hashrate_ghs, totals.expected_hashrate_ghs);
  const isKnown = (value: number | null, aside: string): string | null =>
    value === null ? null : aside;
  const figures: Figure[] = [
    {
      title: text("fleet.hashrate"),
      parts: hashrateParts(totals.hashrate_ghs),
      aside: isKnown(totals.expected_hashrate_ghs, text("fleet.ofExpected", { percent })),
    },
    {
      title: text("fleet.power"),
      parts: powerParts(totals.power_w),
      aside: isKnown(
        totals.power_w,
        text(cost === null ? "fleet.perDay" : "fleet.perDayCost", {
          energy: energyPerDay(totals.power_w),
          cost: cost ?? "",
        }),
      ),
    },
    {
      title: text("fleet.efficiency"),
      parts: efficiencyParts(totals.efficiency_j_th),
      aside: isKnown(totals.efficiency_j_th, text("fleet.lessIsBetter")),
    },
    {
      title: text("fleet.best"),
      parts: difficultyParts(totals.best_diff),
      aside: isKnown(totals.best_diff, text("fleet.everSeen")),
    },
  ];
  return (
    <section aria-label={text("fleet.title")}>
      <dl className={styles.figures}>
        {figures.map(({ title, parts, aside }) => (
          <div key={title} className={styles.figure}>
            <dt className={styles.title}>{title}</dt>
            <dd className={styles.value}>
              <Value parts={parts} />
            </dd>
            {aside && <dd className={styles.aside}>{aside}</dd>}
          </div>
        ))}
      </dl>
    </section>
  );
}

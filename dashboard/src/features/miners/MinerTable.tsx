// The miners as rows: for many, and for those who compare figures. Only the rows in sight exist.
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { useLayoutEffect, useRef, useState } from "react";
import { Link } from "wouter";
import type { Miner } from "@/api/types";
import {
  difficulty,
  efficiencyParts,
  hashrate,
  joined,
  percentOf,
  powerParts,
  temperature,
} from "@/lib/format";
import { temperatureGauge } from "@/lib/limits";
import { duration } from "@/lib/time";
import { classes } from "@/ui/classes";
import tones from "@/ui/tones.module.css";
import { text } from "./list_texts";
import styles from "./MinerTable.module.css";
import { StateLabel } from "./StateLabel";

const ROW_PX = 53;
const OVERSCAN = 12;
const COLUMNS = 9;

export default function MinerTable({ miners }: { miners: readonly Miner[] }) {
  const body = useRef<HTMLTableSectionElement>(null);
  const [top, setTop] = useState(0);
  useLayoutEffect(() => {
    if (body.current) setTop(body.current.getBoundingClientRect().top + window.scrollY);
  }, [miners.length]);
  const rows = useWindowVirtualizer({
    count: miners.length,
    estimateSize: () => ROW_PX,
    overscan: OVERSCAN,
    scrollMargin: top,
  });
  const seen = rows.getVirtualItems();
  const before = (seen[0]?.start ?? top) - top;
  const after = rows.getTotalSize() - ((seen.at(-1)?.end ?? top) - top);
  return (
    <div className={styles.frame}>
      <table className={styles.table} aria-rowcount={miners.length + 1}>
        <thead>
          <tr>
            {(
              [
                "table.name",
                "table.state",
                "miner.hashrate",
                "table.ofExpected",
                "miner.chip",
                "miner.power",
                "miner.efficiency",
                "miner.uptime",
                "miner.best",
              ] as const
            ).map((key) => (
              <th key={key} scope="col">
                {text(key)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody ref={body}>
          <Filler height={before} />
          {seen.map(({ index }) => {
            const miner = miners[index];
            return miner && <Row key={miner.id} miner={miner} index={index} />;
          })}
          <Filler height={after} />
        </tbody>
      </table>
    </div>
  );
}

/** Stands for the rows that are not in sight. */
function Filler({ height }: { height: number }) {
  if (height <= 0) return null;
  return (
    <tr aria-hidden="true" style={{ height, border: 0 }}>
      <td colSpan={COLUMNS} />
    </tr>
  );
}

function Row({ miner, index }: { miner: Miner; index: number }) {
  const { sample, limits } = miner;
  const { tone } = temperatureGauge(sample.chip_temp_c, limits.chip_warn_c, limits.chip_trip_c);
  const over = tone === "warn" || tone === "bad";
  return (
    <tr aria-rowindex={index + 2}>
      <td>
        <Link to={`/miners/${miner.id}`} className={styles.link}>
          {miner.name}
        </Link>
      </td>
      <td>
        <StateLabel miner={miner} />
      </td>
      <td>{hashrate(sample.hashrate_ghs)}</td>
      <td>{percentOf(sample.hashrate_ghs, sample.expected_hashrate_ghs)}</td>
      <td className={classes(tones[tone], over && styles.over)}>
        {temperature(sample.chip_temp_c)}
      </td>
      <td>{joined(powerParts(sample.power_w))}</td>
      <td>{joined(efficiencyParts(sample.efficiency_j_th))}</td>
      <td>{duration(sample.uptime_s)}</td>
      <td>{difficulty(miner.best_diff_ever ?? sample.best_diff)}</td>
    </tr>
  );
}

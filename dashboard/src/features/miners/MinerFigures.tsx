import type { Miner } from "@/api/types";
import { joined } from "@/lib/format";
import { findText, text } from "@/lib/texts";
import { classes } from "@/ui/classes";
import { Explain } from "@/ui/Explain";
import { Icon } from "@/ui/Icon";
import tones from "@/ui/tones.module.css";
import { Value } from "@/ui/Value";
import { figuresOf, isAway, isKnown, type Figure } from "./figures";
import styles from "./MinerFigures.module.css";

/** The newest readings, each of which says on tap what it means. Of a miner that is away only
 * what holds nevertheless, such as its record. */
export function MinerFigures({ miner }: { miner: Miner }) {
  const away = isAway(miner);
  const figures = figuresOf(miner).filter((figure) => !away || isKnown(figure));
  return (
    <section aria-labelledby="now-title" className={styles.section}>
      <h2 id="now-title" className={styles.heading}>
        {text("miner.now")}
      </h2>
      {away && <p className={styles.away}>{findText("figures.away")}</p>}
      <ul className={styles.grid}>
        {figures.map((figure) => (
          <li key={figure.key}>
            <Tile figure={figure} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Tile({ figure }: { figure: Figure }) {
  const hot = figure.tone === "warn" || figure.tone === "bad";
  return (
    <Explain
      title={figure.title}
      value={joined(figure.parts)}
      meaning={figure.meaning}
      normal={figure.normal}
      advice={figure.advice}
      className={classes(styles.tile, hot && styles.hot, figure.tone && tones[figure.tone])}
    >
      <span className={styles.title}>
        {figure.title}
        <span className={styles.info}>
          <Icon name="info" size={15} />
        </span>
      </span>
      <span className={styles.value}>
        <Value parts={figure.parts} />
      </span>
      {figure.aside && <span className={styles.aside}>{figure.aside}</span>}
    </Explain>
  );
}

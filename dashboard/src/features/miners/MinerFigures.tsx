import type { Miner } from "@/api/types";
import { text } from "@/lib/texts";
import { classes } from "@/ui/classes";
import { Explain } from "@/ui/Explain";
import { Icon } from "@/ui/Icon";
import tones from "@/ui/tones.module.css";
import { Value } from "@/ui/Value";
import { figuresOf, type Figure } from "./figures";
import styles from "./MinerFigures.module.css";

/** The newest readings, each of which says on tap what it means. */
export function MinerFigures({ miner }: { miner: Miner }) {
  return (
    <section aria-labelledby="now-title" className={styles.section}>
      <h2 id="now-title" className={styles.heading}>
        {text("miner.now")}
      </h2>
      <ul className={styles.grid}>
        {figuresOf(miner).map((figure) => (
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
      meaning={figure.meaning}
      normal={figure.normal}
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

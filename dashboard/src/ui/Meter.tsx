// A bar: how much of the whole, and where the limit stands. Decoration only: the figures beside
// it say the same in words, so it is hidden from screen readers.
import type { Tone } from "@/lib/attention";
import { classes } from "./classes";
import styles from "./Meter.module.css";
import tones from "./tones.module.css";

interface Props {
  tone: Tone | "accent";
  /** 0 to 1; null when unknown: an empty, hatched bar. */
  fill: number | null;
  mark?: number | null;
}

export function Meter({ tone, fill, mark = null }: Props) {
  return (
    <div
      className={classes(
        styles.track,
        tone === "accent" ? styles.accent : tones[tone],
        fill === null && styles.unknown,
      )}
      aria-hidden="true"
    >
      {fill !== null && <div className={styles.fill} style={{ width: `${fill * 100}%` }} />}
      {mark !== null && (
        <div className={styles.mark} style={{ insetInlineStart: `${mark * 100}%` }} />
      )}
    </div>
  );
}

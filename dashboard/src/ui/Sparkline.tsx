// A small line without axes: how a figure moved, nothing to read off.
import styles from "./Sparkline.module.css";

interface Props {
  /** Shares of the width, 0 to 1, ascending; as many as there are values. */
  places: readonly number[];
  /** Shares of the height, 0 to 1; null breaks the line. */
  values: readonly (number | null)[];
}

const WIDTH = 240;
const HEIGHT = 44;
const INSET = 3;

export function sparkPath({ places, values }: Props): string {
  let pen = "M";
  let path = "";
  values.forEach((value, i) => {
    if (value === null) {
      pen = "M";
      return;
    }
    const x = ((places[i] ?? 0) * WIDTH).toFixed(1);
    const y = (INSET + (1 - value) * (HEIGHT - 2 * INSET)).toFixed(1);
    path += `${pen}${x} ${y}`;
    pen = "L";
  });
  return path;
}

/** Decoration: the figures beside it say it in words. */
export function Sparkline(props: Props) {
  return (
    <svg
      className={styles.spark}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <path d={sparkPath(props)} />
    </svg>
  );
}

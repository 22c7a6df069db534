// The face of the page: a mining chip with legs on four sides that looks the way things stand.
import type { Mood } from "@/lib/mood";
import { classes } from "./classes";
import styles from "./Face.module.css";

const PINS = [26, 42, 58, 74];

function Pins() {
  return (
    <g className={styles.pins}>
      {PINS.map((at) => (
        <path key={at} d={`M${at} 6v10M${at} 84v10M6 ${at}h10M84 ${at}h10`} />
      ))}
    </g>
  );
}

function Fine() {
  return (
    <>
      <g className={styles.eyes}>
        <path d="M31 45q5-8 10 0M59 45q5-8 10 0" />
      </g>
      <path d="M35 58q15 15 30 0" />
    </>
  );
}

function Attention() {
  return (
    <>
      <g className={styles.eyes}>
        <circle cx="36" cy="45" r="4.5" className={styles.dot} />
        <circle cx="64" cy="45" r="4.500" className={styles.dot} />
      </g>
      <path d="M57 31q7-4 14 1" />
      <path d="M38 64q12-4 24 0" />
    </>
  );
}

function Trouble() {
  return (
    <>
      <g className={styles.eyes}>
        <circle cx="36" cy="47" r="4.5" className={styles.dot} />
        <circle cx="64" cy="47" r="4.5" className={styles.dot} />
      </g>
      <path d="M28 37l12-5M72 37l-12-5" />
      <path d="M37 67q13-13 26 0" />
      <path className={styles.drop} d="M78 26q6 8 0 11q-6-3 0-11z" />
    </>
  );
}

function Empty() {
  return (
    <>
      <path d="M30 46q6 5 12 0M58 46q6 5 12 0" />
      <circle cx="50" cy="63" r="4" />
      <path className={styles.snore} d="M67 23h8l-8 9h8" />
    </>
  );
}

const EXPRESSIONS: Record<Mood, () => React.JSX.Element> = {
  fine: Fine,
  attention: Attention,
  trouble: Trouble,
  empty: Empty,
};

export function Face({ mood, label, size = 96 }: { mood: Mood; label?: string; size?: number }) {
  const Expression = EXPRESSIONS[mood];
  const named =
    label === undefined ? { "aria-hidden": true } : { role: "img", "aria-label": label };
  return (
    <svg
      className={classes(styles.face, styles[mood])}
      width={size}
      height={size}
      viewBox="0 0 100 100"
      focusable="false"
      {...named}
    >
      <Pins />
      <rect className={styles.body} x="14" y="14" width="72" height="72" rx="20" />
      <g className={styles.lines}>
        <Expression />
      </g>
    </svg>
  );
}

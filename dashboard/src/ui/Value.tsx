import type { Parts } from "@/lib/format";
import styles from "./Value.module.css";

/** A figure with its unit smaller beside it; the two never part. */
export function Value({ parts }: { parts: Parts }) {
  return (
    <span className={styles.value}>
      {parts.value}
      {parts.unit && <span className={styles.unit}>{`\u00a0${parts.unit}`}</span>}
    </span>
  );
}

import styles from "./Skeleton.module.css";

/** A grey place for what is still on its way. Put it in an element with aria-busy. */
export function Skeleton({ width = "100%", height = "1em" }: { width?: string; height?: string }) {
  return <span className={styles.skeleton} style={{ width, height }} aria-hidden="true" />;
}

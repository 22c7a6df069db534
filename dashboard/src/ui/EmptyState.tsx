import type { ReactNode } from "react";
import type { Mood } from "@/lib/mood";
import { Face } from "./Face";
import styles from "./EmptyState.module.css";

interface Props {
  mood: Mood;
  title: string;
  children?: ReactNode;
  actions?: ReactNode;
}

/** Nothing here yet, or nothing here at all: says so, and what to do next. */
export function EmptyState({ mood, title, children, actions }: Props) {
  return (
    <section className={styles.empty}>
      <Face mood={mood} size={112} />
      <h1 className={styles.title}>{title}</h1>
      {children && <div className={styles.text}>{children}</div>}
      {actions && <div className={styles.actions}>{actions}</div>}
    </section>
  );
}

import type { ReactNode } from "react";
import type { Mood } from "@/lib/mood";
import { Face } from "./Face";
import styles from "./EmptyState.module.css";

interface Props {
  mood: Mood;
  title: string;
  /** Of its heading: 2 below a page's own title. */
  level?: 1 | 2;
  children?: ReactNode;
  actions?: ReactNode;
}

/** Nothing here yet, or nothing here at all: says so, and what to do next. */
export function EmptyState({ mood, title, level = 1, children, actions }: Props) {
  const Heading = level === 1 ? "h1" : "h2";
  return (
    <section className={styles.empty}>
      <Face mood={mood} size={112} />
      <Heading className={styles.title}>{title}</Heading>
      {children && <div className={styles.text}>{children}</div>}
      {actions && <div className={styles.actions}>{actions}</div>}
    </section>
  );
}

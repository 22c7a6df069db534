import type { ReactNode } from "react";
import { Link } from "wouter";
import styles from "./Button.module.css";
import { classes } from "./classes";

/** Leads to another page, and looks like what to do next. */
export function LinkButton({ to, children }: { to: string; children: ReactNode }) {
  return (
    <Link to={to} className={classes(styles.button, styles.primary)}>
      {children}
    </Link>
  );
}

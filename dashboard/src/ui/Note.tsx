// A message that stands in the page: what is wrong, and what to do about it.
import type { ReactNode } from "react";
import type { Tone } from "@/lib/attention";
import { classes } from "./classes";
import { Icon, type IconName } from "./Icon";
import styles from "./Note.module.css";
import tones from "./tones.module.css";

interface Props {
  tone: Tone;
  icon: IconName;
  title?: ReactNode;
  children?: ReactNode;
  action?: ReactNode;
  /** Read out when it appears. */
  announced?: boolean;
}

export function Note({ tone, icon, title, children, action, announced = false }: Props) {
  return (
    <div className={classes(styles.note, tones[tone])} {...(announced && { role: "status" })}>
      <span className={styles.icon}>
        <Icon name={icon} />
      </span>
      <div className={styles.text}>
        {title && <p className={styles.title}>{title}</p>}
        {children && <div>{children}</div>}
      </div>
      {action && <div className={styles.action}>{action}</div>}
    </div>
  );
}

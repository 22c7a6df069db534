// A state in words with an icon and a colour: never the colour alone.
import type { ReactNode } from "react";
import type { Tone } from "@/lib/attention";
import { classes } from "./classes";
import { Icon, type IconName } from "./Icon";
import styles from "./Label.module.css";
import tones from "./tones.module.css";

export function Label({
  tone,
  icon,
  children,
}: {
  tone: Tone;
  icon?: IconName;
  children: ReactNode;
}) {
  return (
    <span className={classes(styles.label, tones[tone])}>
      {icon && <Icon name={icon} size={16} />}
      {children}
    </span>
  );
}

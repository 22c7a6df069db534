import type { ButtonHTMLAttributes } from "react";
import { classes } from "./classes";
import { Icon, type IconName } from "./Icon";
import styles from "./Button.module.css";

interface Props extends ButtonHTMLAttributes<HTMLButtonElement> {
  look?: "primary" | "plain" | "danger" | "quiet";
  icon?: IconName;
  /** Something is under way: the button says so and takes no second click. */
  busy?: boolean;
}

export function Button({
  look = "plain",
  icon,
  busy = false,
  className,
  children,
  ...rest
}: Props) {
  return (
    <button
      type="button"
      {...rest}
      className={classes(styles.button, styles[look], !children && styles.round, className)}
      aria-disabled={busy || undefined}
      onClick={busy ? (event) => event.preventDefault() : rest.onClick}
    >
      {icon && (
        <span className={classes(styles.icon, busy && styles.busy)}>
          <Icon name={busy ? "refresh" : icon} />
        </span>
      )}
      {children}
    </button>
  );
}

// On or off, at once.
import styles from "./Switch.module.css";

interface Props {
  /** Read; what it switches stands beside it. */
  label: string;
  checked: boolean;
  busy?: boolean;
  onChange: (checked: boolean) => void;
}

export function Switch({ label, checked, busy = false, onChange }: Props) {
  return (
    <label className={styles.switch}>
      <input
        type="checkbox"
        role="switch"
        className="visually-hidden"
        aria-label={label}
        checked={checked}
        aria-disabled={busy || undefined}
        onChange={(event) => !busy && onChange(event.target.checked)}
      />
      <span className={styles.track}>
        <span className={styles.knob} />
      </span>
    </label>
  );
}

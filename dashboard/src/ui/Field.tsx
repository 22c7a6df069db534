// What stands around a field in which something is typed: its name, a hint, what is wrong.
import { useId, type ReactNode } from "react";
import styles from "./TextField.module.css";

export interface FieldProps {
  label: string;
  hint?: string | undefined;
  error?: string | null;
}

/** What the field itself takes over, so that it is read with its name, hint and error. */
export interface Control {
  id: string;
  className: string | undefined;
  "aria-invalid": boolean;
  "aria-describedby": string | undefined;
}

interface Props extends FieldProps {
  children: (control: Control) => ReactNode;
}

export function Field({ label, hint, error = null, children }: Props) {
  const id = useId();
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ");
  return (
    <div className={styles.field}>
      <label htmlFor={id} className={styles.label}>
        {label}
      </label>
      {hint && (
        <p id={`${id}-hint`} className={styles.hint}>
          {hint}
        </p>
      )}
      {children({
        id,
        className: styles.input,
        "aria-invalid": error !== null,
        "aria-describedby": described || undefined,
      })}
      {error && (
        <p id={`${id}-error`} className={styles.error} role="alert">
          {error}
        </p>
      )}
    </div>
  );
}

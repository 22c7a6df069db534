// A small choice between few: native radio buttons, so that keys and screen readers know it.
import { useId, type ReactNode } from "react";
import styles from "./Segmented.module.css";

interface Option<T extends string> {
  value: T;
  label: ReactNode;
  /** Read instead of the label where that is only an icon or an abbreviation. */
  name?: string;
}

interface Props<T extends string> {
  legend: string;
  options: readonly Option<T>[];
  value: T;
  onChange: (value: T) => void;
}

export function Segmented<T extends string>({ legend, options, value, onChange }: Props<T>) {
  const group = useId();
  return (
    <fieldset className={styles.group}>
      <legend className="visually-hidden">{legend}</legend>
      {options.map((option) => (
        <label key={option.value} className={styles.option} title={option.name}>
          <input
            type="radio"
            name={group}
            className="visually-hidden"
            checked={option.value === value}
            onChange={() => onChange(option.value)}
            aria-label={option.name}
          />
          <span className={styles.face}>{option.label}</span>
        </label>
      ))}
    </fieldset>
  );
}

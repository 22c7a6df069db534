// A figure that explains itself on tap.
import { Popover as Base } from "@base-ui/react/popover";
import type { ReactNode } from "react";
import { Icon } from "./Icon";
import styles from "./Explain.module.css";

interface Props {
  title: string;
  /** The figure itself, as it is now. */
  value?: string | null;
  meaning: string;
  /** What is usual, for this very miner where that is known. */
  normal?: string | null;
  /** What to do when it is not as it should be. */
  advice?: string | null;
  className?: string | undefined;
  children: ReactNode;
}

export function Explain(props: Props) {
  const { title, value, meaning, normal, advice, className, children } = props;
  return (
    <Base.Root>
      <Base.Trigger className={className}>{children}</Base.Trigger>
      <Base.Portal>
        <Base.Positioner className={styles.positioner} sideOffset={8} collisionPadding={12}>
          <Base.Popup className={styles.popup}>
            <Base.Title className={styles.title}>{title}</Base.Title>
            {value && <p className={styles.value}>{value}</p>}
            <Base.Description className={styles.text}>{meaning}</Base.Description>
            {normal && <p className={styles.normal}>{normal}</p>}
            {advice && (
              <p className={styles.advice}>
                <Icon name="bulb" size={18} />
                <span>{advice}</span>
              </p>
            )}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

// A figure that explains itself on tap.
import { Popover as Base } from "@base-ui/react/popover";
import type { ReactNode } from "react";
import styles from "./Explain.module.css";

interface Props {
  title: string;
  meaning: string;
  /** What is usual, for this very miner where that is known. */
  normal?: string | null;
  className?: string | undefined;
  children: ReactNode;
}

export function Explain({ title, meaning, normal = null, className, children }: Props) {
  return (
    <Base.Root>
      <Base.Trigger className={className}>{children}</Base.Trigger>
      <Base.Portal>
        <Base.Positioner className={styles.positioner} sideOffset={8} collisionPadding={12}>
          <Base.Popup className={styles.popup}>
            <Base.Title className={styles.title}>{title}</Base.Title>
            <Base.Description className={styles.text}>{meaning}</Base.Description>
            {normal && <p className={styles.normal}>{normal}</p>}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

// The services that messages can go through, to choose one.
import type { ChannelKind } from "@/api/types";
import { Icon } from "@/ui/Icon";
import styles from "./KindChoice.module.css";

interface Props {
  kinds: readonly ChannelKind[];
  onChoose: (kind: string) => void;
}

export function KindChoice({ kinds, onChoose }: Props) {
  return (
    <ul className={styles.kinds}>
      {kinds.map(({ kind, title, about }) => (
        <li key={kind}>
          <button type="button" className={styles.kind} onClick={() => onChoose(kind)}>
            <span className={styles.words}>
              <strong>{title}</strong>
              <span className={styles.about}>{about}</span>
            </span>
            <Icon name="forward" />
          </button>
        </li>
      ))}
    </ul>
  );
}

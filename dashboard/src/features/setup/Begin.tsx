// Three ways to begin.
import { useStartDemo } from "@/api/actions";
import { useHealth } from "@/api/queries";
import { useBeginScan } from "@/api/setup";
import { Icon, type IconName } from "@/ui/Icon";
import { Note } from "@/ui/Note";
import styles from "./Setup.module.css";
import type { Place } from "./steps";
import { text } from "./texts";

export function Begin({ onGo }: { onGo: (place: Place) => void }) {
  const demo = useHealth().data?.demo;
  const scan = useBeginScan();
  const start = useStartDemo();
  // What keeps the search from beginning is told where it can be put right.
  const find = (): void => scan.mutate(null, { onSettled: () => onGo("find") });
  const tryDemo = (): void => start.mutate(undefined, { onSuccess: () => onGo("meet") });
  return (
    <ul className={styles.choices}>
      <Choice icon="wifi" way="find" busy={scan.isPending} onChoose={find} />
      <Choice icon="pencil" way="address" onChoose={() => onGo("address")} />
      {demo !== "unavailable" && (
        <Choice icon="spark" way="demo" busy={start.isPending} onChoose={tryDemo} />
      )}
      {start.error && (
        <li>
          <Note tone="bad" icon="info" title={start.error.message} announced />
        </li>
      )}
    </ul>
  );
}

interface ChoiceProps {
  icon: IconName;
  way: "find" | "address" | "demo";
  busy?: boolean;
  onChoose: () => void;
}

function Choice({ icon, way, busy = false, onChoose }: ChoiceProps) {
  return (
    <li>
      <button
        type="button"
        className={styles.choice}
        aria-disabled={busy || undefined}
        onClick={() => !busy && onChoose()}
      >
        <Icon name={icon} size={28} />
        <span>
          <span className={styles.choiceTitle}>{text(`begin.${way}`)}</span>
          <span className={styles.text}>{text(busy ? "begin.busy" : `begin.${way}.text`)}</span>
        </span>
      </button>
    </li>
  );
}

// "?" shows what the keys do.
import { text } from "@/lib/texts";
import { Dialog } from "@/ui/Dialog";
import styles from "./KeyHelp.module.css";

const KEYS = [
  ["/", "keys.search"],
  ["?", "keys.help"],
  ["← →", "keys.move"],
  ["+ −", "keys.zoom"],
  ["0", "keys.reset"],
  ["Esc", "keys.close"],
] as const;

export default function KeyHelp({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title={text("keys.title")} onClose={onClose}>
      <dl className={styles.keys}>
        {KEYS.map(([key, words]) => (
          <div key={key}>
            <dt>
              <kbd className={styles.key}>{key}</kbd>
            </dt>
            <dd>{text(words)}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}

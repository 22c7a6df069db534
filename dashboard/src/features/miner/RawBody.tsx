// The raw answer of a miner that is there.
import { useRawAnswer, type RawAnswer } from "@/api/device";
import type { Miner } from "@/api/types";
import { localTime } from "@/lib/time";
import { Button } from "@/ui/Button";
import { Note } from "@/ui/Note";
import { Skeleton } from "@/ui/Skeleton";
import { useToast } from "@/ui/Toasts";
import styles from "./RawAnswer.module.css";
import { text } from "./texts";

export default function RawBody({ miner }: { miner: Miner }) {
  const raw = useRawAnswer(miner.id);
  const again = (
    <Button icon="refresh" busy={raw.isFetching} onClick={() => void raw.refetch()}>
      {text("raw.again")}
    </Button>
  );
  if (raw.isPending) {
    return (
      <div role="status" aria-busy="true">
        <p className={styles.lead}>{text("raw.loading")}</p>
        <Skeleton height="12rem" />
      </div>
    );
  }
  if (raw.error) {
    return (
      <Note tone="warn" icon="silent" title={text("raw.failed")} action={again} announced>
        {raw.error.message}
      </Note>
    );
  }
  return <Shown raw={raw.data} name={miner.name} again={again} />;
}

interface ShownProps {
  raw: RawAnswer;
  name: string;
  again: React.ReactNode;
}

function Shown({ raw, name, again }: ShownProps) {
  const say = useToast();
  const words = JSON.stringify(raw.answer, null, 2);
  const copy = (): void => {
    copied(words).then(
      () => say(text("raw.copied")),
      () => say(text("raw.copyFailed")),
    );
  };
  return (
    <>
      <div className={styles.head}>
        <p className={styles.lead}>
          {text("raw.at", { time: localTime(raw.at, new Date()) })} ({raw.path}).{" "}
          {raw.hidden.length === 0
            ? text("raw.hidden.none")
            : text("raw.hidden", { count: raw.hidden.length, fields: raw.hidden.join(", ") })}
        </p>
        <div className={styles.actions}>
          {again}
          <Button icon="copy" onClick={copy}>
            {text("raw.copy")}
          </Button>
        </div>
      </div>
      {/* It scrolls, so it takes the keyboard. */}
      <pre
        className={styles.text}
        tabIndex={0}
        role="region"
        aria-label={text("raw.label", { name })}
      >
        {words}
      </pre>
    </>
  );
}

/** Over plain http, as at home, browsers have no clipboard: the old way works there. */
async function copied(words: string): Promise<void> {
  if (window.isSecureContext) return navigator.clipboard.writeText(words);
  const field = document.createElement("textarea");
  field.value = words;
  field.setAttribute("readonly", "");
  field.style.position = "fixed";
  field.style.opacity = "0";
  document.body.append(field);
  field.select();
  // eslint-disable-next-line @typescript-eslint/no-deprecated
  const done = document.execCommand("copy");
  field.remove();
  if (!done) throw new Error("not copied");
}

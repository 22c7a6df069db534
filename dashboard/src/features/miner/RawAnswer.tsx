// What the device itself sends, for the curious and for those who help. Nothing is asked before
// somebody opens it.
import { lazy, Suspense, useId, useState } from "react";
import type { Miner } from "@/api/types";
import { localTime } from "@/lib/time";
import { Button } from "@/ui/Button";
import { Note } from "@/ui/Note";
import { Skeleton } from "@/ui/Skeleton";
import styles from "./RawAnswer.module.css";
import { text } from "./texts";

const RawBody = lazy(() => import("./RawBody"));

const AWAY = ["offline", "unresponsive", "unknown"];

export function RawAnswer({ miner }: { miner: Miner }) {
  const [open, setOpen] = useState(false);
  const place = useId();
  return (
    <section className={styles.raw} aria-labelledby="raw-title">
      <h2 id="raw-title" className={styles.title}>
        {text("raw.title")}
      </h2>
      <p className={styles.lead}>{text("raw.lead")}</p>
      <div>
        <Button aria-expanded={open} aria-controls={place} onClick={() => setOpen(!open)}>
          {text(open ? "raw.hide" : "raw.show")}
        </Button>
      </div>
      <div id={place} hidden={!open} className={styles.body}>
        {open && <Body miner={miner} />}
      </div>
    </section>
  );
}

/** A miner that is away shows nothing: what it said before is not what it would say. */
function Body({ miner }: { miner: Miner }) {
  if (!AWAY.includes(miner.state)) {
    return (
      <Suspense fallback={<Skeleton height="12rem" />}>
        <RawBody miner={miner} />
      </Suspense>
    );
  }
  const title =
    miner.seen_at === null
      ? text("raw.away.never")
      : text("raw.away", { time: localTime(miner.seen_at, new Date()) });
  return (
    <Note tone="calm" icon="silent" title={title} announced>
      {text("raw.away.text")}
    </Note>
  );
}

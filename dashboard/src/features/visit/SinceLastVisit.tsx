// What happened since the reader was here last; nothing when nothing did, or on a first visit.
import { Link } from "wouter";
import { useMiners } from "@/api/queries";
import { closeVisit, useBetween, useVisit } from "@/api/visits";
import { ago } from "@/lib/time";
import { changesOf, type Visit } from "@/lib/visit";
import { Button } from "@/ui/Button";
import { factsOf } from "./facts";
import styles from "./SinceLastVisit.module.css";
import { text } from "./texts";

export default function SinceLastVisit() {
  const visit = useVisit();
  if (visit.before === null || visit.closed) return null;
  return <Since before={visit.before} began_ms={visit.began_ms} />;
}

interface Props {
  before: NonNullable<Visit["before"]>;
  began_ms: number;
}

function Since({ before, began_ms }: Props) {
  const between = useBetween(before.ended_ms, began_ms).data;
  const miners = useMiners().data ?? null;
  if (between === undefined) return null;
  const facts = factsOf(between, changesOf(before.miners, miners));
  if (facts.length === 0) return null;
  const away_s = (began_ms - before.ended_ms) / 1000;
  return (
    <section className={styles.visit} aria-labelledby="visit-title">
      <p>
        <strong id="visit-title">{text("visit.title", { ago: ago(away_s) })}</strong>{" "}
        {facts.map(({ words, to }) => (
          <span key={words}>{to === null ? words : <Link to={to}>{words}</Link>} </span>
        ))}
      </p>
      <Button look="quiet" icon="cross" aria-label={text("visit.close")} onClick={closeVisit} />
    </section>
  );
}

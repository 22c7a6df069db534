// The sentence on top: how things stand, with a face of its own, and what to do.
import { useConnection, useMiners, useSummary } from "@/api/queries";
import { retoldSummary } from "@/api/retold";
import type { Mood } from "@/lib/mood";
import { text, withFirmUnits } from "@/lib/texts";
import { Face } from "@/ui/Face";
import { Skeleton } from "@/ui/Skeleton";
import { classes } from "@/ui/classes";
import styles from "./SummaryHero.module.css";

interface Words {
  mood: Mood;
  sentence: string;
  advice: string | null;
}

export function SummaryHero() {
  const { data, isError } = useSummary();
  const lost = useConnection() === "lost";
  const miners = useMiners().data ?? [];
  if (data) {
    const { mood, text: sentence, advice } = retoldSummary(data, miners);
    return <Hero mood={mood} sentence={sentence} advice={advice} stale={lost} />;
  }
  if (isError) {
    const words: Words = {
      mood: "trouble",
      sentence: text("summary.failed"),
      advice: text("summary.failed.advice"),
    };
    return <Hero {...words} stale={false} />;
  }
  return (
    <section className={styles.hero} aria-busy="true">
      <Skeleton width="6rem" height="6rem" />
      <div className={styles.words}>
        <h1 className="visually-hidden">{text("summary.loading")}</h1>
        <Skeleton width="22rem" height="2rem" />
        <Skeleton width="14rem" />
      </div>
    </section>
  );
}

function Hero({ mood, sentence, advice, stale }: Words & { stale: boolean }) {
  return (
    <section className={classes(styles.hero, styles[mood], stale && styles.stale)}>
      <div className={styles.face}>
        <Face mood={mood} label={text(`mood.${mood}`)} size={104} />
      </div>
      <div className={styles.words} aria-live="polite">
        <h1 className={styles.sentence}>{withFirmUnits(sentence)}</h1>
        {advice && <p className={styles.advice}>{withFirmUnits(advice)}</p>}
      </div>
    </section>
  );
}

// One chart with its title and what can be done with it.
import { useRef } from "react";
import { text } from "./texts";
import type { Stretch } from "@/lib/view";
import { Button } from "@/ui/Button";
import Chart, { type GapArea, type Mark } from "@/ui/Chart";
import { Skeleton } from "@/ui/Skeleton";
import { describe, type ChartPlan } from "./charts";
import styles from "./History.module.css";
import { savePicture } from "./picture";

// The drawing library comes with the pages that show charts, not by a lazy() of its own: React
// shows what comes late up to 300 ms later still, so that a page does not flicker.

/** As high as a chart with its legend: nothing moves when it comes. */
const CHART_HEIGHT = "15.9rem";

interface Props {
  plan: ChartPlan;
  minerName: string;
  /** The stretch in words. */
  words: string;
  times_s: readonly number[];
  window_s: readonly [number, number];
  gaps: readonly GapArea[];
  marks: readonly Mark[];
  onStretch: (wanted: Stretch) => void;
  onReset: () => void;
  /** Not drawn yet: its place is kept. */
  waits: boolean;
}

export function ChartFigure({ plan, minerName, words, waits, ...rest }: Props) {
  const figure = useRef<HTMLElement>(null);
  const save = (): void => {
    if (!figure.current) return;
    const title = `${minerName}: ${plan.title} (${plan.unit}), ${words}`;
    void savePicture(figure.current, title, `${minerName}-${plan.key}.png`.replaceAll(/\s+/g, "-"));
  };
  return (
    <figure ref={figure} className={styles.figure}>
      <figcaption className={styles.caption}>
        <span>
          {plan.title} <span className={styles.unit}>{plan.unit}</span>
        </span>
        <Button
          look="quiet"
          icon="picture"
          aria-label={text("history.savePicture", { title: plan.title })}
          title={text("history.savePicture", { title: plan.title })}
          onClick={save}
        />
      </figcaption>
      {waits ? (
        <Skeleton height={CHART_HEIGHT} />
      ) : (
        <Chart
          {...plan}
          {...rest}
          description={describe(plan, words)}
          help={text("history.help")}
          syncKey="miner"
        />
      )}
    </figure>
  );
}

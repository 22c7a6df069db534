// The charts of the last hours. The range stands in the URL.
import { lazy, Suspense, useMemo } from "react";
import { useSearchParams } from "react-router";
import { useSamples } from "@/api/queries";
import type { Miner, SampleColumns } from "@/api/types";
import { parseRange, RANGE_MS, RANGES, type Range } from "@/lib/ranges";
import { toSeries, windowOf } from "@/lib/series";
import { text } from "@/lib/texts";
import { Button } from "@/ui/Button";
import { Note } from "@/ui/Note";
import { Segmented } from "@/ui/Segmented";
import { Skeleton } from "@/ui/Skeleton";
import { chartPlans, describe, METRICS, type ChartPlan } from "./charts";
import styles from "./History.module.css";

// The drawing library is fetched only where a chart is shown.
const Chart = lazy(() => import("@/ui/Chart"));

const POINTS = 800;

export function History({ miner }: { miner: Miner }) {
  const [params, setParams] = useSearchParams();
  const range = parseRange(params.get("range"));
  const choose = (next: Range): void =>
    setParams((now) => new URLSearchParams({ ...Object.fromEntries(now), range: next }), {
      replace: true,
      preventScrollReset: true,
    });
  return (
    <section aria-labelledby="history-title" className={styles.history}>
      <div className={styles.head}>
        <h2 id="history-title" className={styles.title}>
          {text("history.title")}
        </h2>
        <Segmented
          legend={text("history.range")}
          value={range}
          onChange={choose}
          options={RANGES.map((value) => ({
            value,
            label: text(`history.${value}`),
            name: text(`history.${value}.long`),
          }))}
        />
      </div>
      <Charts miner={miner} range={range} />
    </section>
  );
}

function Charts({ miner, range }: { miner: Miner; range: Range }) {
  const samples = useSamples(miner.id, { range, points: POINTS, metrics: METRICS });
  if (samples.data) return <Drawn data={samples.data} limits={miner.limits} range={range} />;
  if (samples.error) {
    return (
      <Note
        tone="warn"
        icon="info"
        title={text("history.failed")}
        action={<Button onClick={() => void samples.refetch()}>{text("app.retry")}</Button>}
        announced
      >
        {samples.error.message}
      </Note>
    );
  }
  return (
    <div className={styles.grid} aria-busy="true" aria-label={text("history.loading")} role="group">
      {[1, 2, 3, 4].map((place) => (
        <Skeleton key={place} height="17rem" />
      ))}
    </div>
  );
}

interface DrawnProps {
  data: SampleColumns;
  limits: Miner["limits"];
  range: Range;
}

function Drawn({ data, limits, range }: DrawnProps) {
  // `limits` is a new object with every reading; its content hardly ever changes.
  const limitsKey = JSON.stringify(limits);
  const { times_s, plans, window_s } = useMemo(() => {
    const series = toSeries(data, METRICS);
    return {
      times_s: series.times_s,
      window_s: windowOf(series.times_s, Date.parse(data.to), RANGE_MS[range]),
      plans: chartPlans(series, JSON.parse(limitsKey) as Miner["limits"]),
    };
  }, [data, limitsKey, range]);
  if (plans.length === 0) return <Note tone="calm" icon="info" title={text("history.empty")} />;
  return (
    <div className={styles.grid}>
      {plans.map((plan) => (
        <Figure key={plan.key} plan={plan} range={range} times_s={times_s} window_s={window_s} />
      ))}
    </div>
  );
}

interface FigureProps {
  plan: ChartPlan;
  range: Range;
  times_s: readonly number[];
  window_s: readonly [number, number];
}

function Figure({ plan, range, times_s, window_s }: FigureProps) {
  return (
    <figure className={styles.figure}>
      <figcaption className={styles.caption}>
        {plan.title} <span className={styles.unit}>{plan.unit}</span>
      </figcaption>
      <Suspense fallback={<Skeleton height="14rem" />}>
        <Chart
          {...plan}
          description={describe(plan, text(`history.${range}.long`))}
          times_s={times_s}
          window_s={window_s}
          syncKey="miner"
        />
      </Suspense>
    </figure>
  );
}

// The charts of a miner's page.
import { useMemo } from "react";
import { useHistories } from "@/api/histories";
import { useHistory, type HistoryWanted } from "@/api/queries";
import type { History as Answer, Miner } from "@/api/types";
import { rangeLength_ms } from "@/lib/ranges";
import { toSeries, windowOf } from "@/lib/series";
import { text } from "./texts";
import { spanWords } from "@/lib/time";
import type { Stretch } from "@/lib/view";
import { Button } from "@/ui/Button";
import type { Mark } from "@/ui/Chart";
import { Note } from "@/ui/Note";
import { Skeleton } from "@/ui/Skeleton";
import { ChartFigure } from "./ChartFigure";
import { METRICS } from "./chart_rows";
import { chartPlans, type ChartPlan, type Drawn } from "./charts";
import { Compare, useCompared } from "./Compare";
import { Controls } from "./Controls";
import { gapAreas, gapKinds, gapsSince } from "./gaps";
import styles from "./History.module.css";
import { useInTurn } from "./useInTurn";
import { useStretch, type StretchState } from "./useStretch";

const POINTS = 2000;
const HOUR_MS = 3_600_000;
const NO_MARKS: readonly Mark[] = [];

interface Props {
  miner: Miner;
  /** What happened, drawn on the axis of time. */
  marks?: readonly Mark[];
  /** The stretch to begin with; left out: the last hours. */
  around?: Stretch | null;
  /** The key of the chart that matters here. */
  first?: string | null;
}

export function History({ miner, marks = NO_MARKS, around = null, first = null }: Props) {
  const begin_ms = useMemo(() => beginOf(miner.created_at), [miner.created_at]);
  const stretch = useStretch(begin_ms, around);
  const { view, moving } = stretch;
  const [compared, compare] = useCompared(miner);
  const wanted = { view, begin_ms, points: POINTS, metrics: METRICS };
  const history = useHistory(miner.id, wanted);
  const others = useOthers(compared, wanted);
  const shown = useMemo(() => {
    if (moving) return moving;
    if (view.kind === "fixed") return view;
    if (!history.data) return null;
    // The monitor's clock, so that a wrong one here moves nothing.
    const to_ms = Date.parse(history.data.to);
    const { times_s } = toSeries(history.data, []);
    const [from_s, to_s] = windowOf(times_s, to_ms, rangeLength_ms(view.range, to_ms - begin_ms));
    return { from_ms: from_s * 1000, to_ms: to_s * 1000 };
  }, [moving, view, history.data, begin_ms]);
  return (
    <section aria-labelledby="history-title" className={styles.history}>
      <div className={styles.head}>
        <h2 id="history-title" className={styles.title}>
          {text("history.title")}
        </h2>
        <Compare miner={miner} compared={compared} onChange={compare} />
      </div>
      <Controls miner={miner} stretch={stretch} shown={shown} />
      {history.data && shown ? (
        <Drawing
          miner={miner}
          history={history.data}
          others={others}
          stretch={stretch}
          shown={shown}
          marks={marks}
          first={first}
        />
      ) : (
        <Waiting error={history.error} retry={() => void history.refetch()} />
      )}
    </section>
  );
}

/** A miner that was there before anybody noted when has an hour, and more with the next reading. */
function beginOf(created_at: string | null): number {
  return created_at === null ? Date.now() - HOUR_MS : Date.parse(created_at);
}

function useOthers(compared: readonly Miner[], wanted: HistoryWanted): readonly Drawn[] {
  const ids = compared.map((one) => one.id);
  const histories = useHistories(ids, wanted);
  const names = compared.map((one) => one.name).join("\n");
  return useMemo(
    () =>
      names.split("\n").flatMap((name, i): Drawn[] => {
        const data = histories[i];
        return data ? [{ name, series: toSeries(data, METRICS) }] : [];
      }),
    [histories, names],
  );
}

function Waiting({ error, retry }: { error: Error | null; retry: () => void }) {
  if (error) {
    return (
      <Note
        tone="warn"
        icon="info"
        title={text("history.failed")}
        action={<Button onClick={retry}>{text("app.retry")}</Button>}
        announced
      >
        {error.message}
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

interface DrawingProps {
  miner: Miner;
  history: Answer;
  others: readonly Drawn[];
  stretch: StretchState;
  shown: Stretch;
  marks: readonly Mark[];
  first: string | null;
}

/** The stretch in words: "last 6 hours", or from when to when. */
function wordsOf({ view }: StretchState, shown: Stretch): string {
  return view.kind === "live"
    ? text(`history.${view.range}.long`)
    : spanWords(shown.from_ms, shown.to_ms);
}

function Drawing({ miner, history, others, stretch, shown, marks, first }: DrawingProps) {
  // `limits` is a new object with every reading; its content hardly ever changes.
  const limitsKey = JSON.stringify(miner.limits);
  const own = useMemo(() => toSeries(history, METRICS), [history]);
  const { times_s, plans } = useMemo(
    () =>
      chartPlans(
        [{ name: miner.name, series: own }, ...others],
        JSON.parse(limitsKey) as Miner["limits"],
      ),
    [own, others, miner.name, limitsKey],
  );
  const gaps = useMemo(
    () => gapsSince(history.gaps, beginOf(miner.created_at)),
    [history.gaps, miner.created_at],
  );
  const areas = useMemo(() => gapAreas(gaps), [gaps]);
  const { from_ms, to_ms } = shown;
  const window_s = useMemo(() => [from_ms / 1000, to_ms / 1000] as const, [from_ms, to_ms]);
  const drawn = useInTurn(plans.length);
  if (plans.length === 0) return <Note tone="calm" icon="info" title={text("history.empty")} />;
  return (
    <>
      <div className={styles.grid}>
        {inFront(plans, first).map((plan, place) => (
          <ChartFigure
            key={plan.key}
            plan={plan}
            minerName={miner.name}
            words={wordsOf(stretch, shown)}
            times_s={times_s}
            window_s={window_s}
            gaps={areas}
            marks={marks}
            onStretch={stretch.move}
            onReset={stretch.reset}
            waits={place >= drawn}
          />
        ))}
      </div>
      <GapKey kinds={gapKinds(gaps, shown)} />
    </>
  );
}

function inFront(plans: readonly ChartPlan[], first: string | null): ChartPlan[] {
  return [...plans].sort((a, b) => Number(b.key === first) - Number(a.key === first));
}

/** What the grey stretches mean, when there are some. */
function GapKey({ kinds }: { kinds: readonly string[] }) {
  if (kinds.length === 0) return null;
  return (
    <p className={styles.gapKey}>
      <span className={styles.gapSample} aria-hidden="true" /> {kinds.join(" ")}
    </p>
  );
}

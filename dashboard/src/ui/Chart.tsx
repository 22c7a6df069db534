// A line chart over time. Draws what it is given: shaping the data is lib/series.ts's work.
// Loaded only where a chart is shown.
import { useEffect, useMemo, useRef, useState } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { valueAt } from "@/lib/series";
import type { Stretch } from "@/lib/view";
import { momentLabel } from "./chart_axes";
import { listen } from "./chart_gestures";
import { chartOptions, type Line, type Told } from "./chart_options";
import type { GapArea, Limit, Mark } from "./chart_paint";
import styles from "./Chart.module.css";
import { classes } from "./classes";
import { useIsDark } from "./theme";

export type { GapArea, Limit, Line, Mark };

export interface ChartProps extends Told {
  /** Read to those who do not see the picture. */
  description: string;
  /** How to move through time, read with the description. */
  help: string;
  times_s: readonly number[];
  format: (value: number | null) => string;
  /** Another stretch of time is wanted. */
  onStretch: (wanted: Stretch) => void;
  onReset: () => void;
}

/** A mark this near to the crosshair, as a share of what is shown, is named. */
const MARK_NEAR = 0.012;

export default function Chart(props: ChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const latest = useRef(props);
  const [cursor, setCursor] = useState<number | null>(null);
  const isDark = useIsDark();
  const data = useMemo(
    () => [props.times_s, ...props.lines.map((line) => line.values)] as uPlot.AlignedData,
    [props.times_s, props.lines],
  );
  // What the lines are, but for their values: only then the plot is made anew.
  const shape = JSON.stringify([
    props.lines.map(({ label, colour, dashed }) => [label, colour, dashed]),
    props.syncKey,
  ]);

  useEffect(() => {
    latest.current = props;
  });

  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const options = chartOptions(element, () => latest.current, {
      onCursor: setCursor,
      onSelect: (from_s, to_s) =>
        latest.current.onStretch({ from_ms: from_s * 1000, to_ms: to_s * 1000 }),
    });
    const made = new uPlot(options, [[]], element);
    plot.current = made;
    const resize = new ResizeObserver(() =>
      made.setSize({ width: element.clientWidth, height: element.clientHeight }),
    );
    resize.observe(element);
    const ended = new AbortController();
    const gestures = {
      stretch: (): Stretch => {
        const [from_s, to_s] = latest.current.window_s;
        return { from_ms: from_s * 1000, to_ms: to_s * 1000 };
      },
      onStretch: (wanted: Stretch) => latest.current.onStretch(wanted),
      onReset: () => latest.current.onReset(),
    };
    listen(element, made.over, gestures, ended.signal);
    return () => {
      ended.abort();
      resize.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [shape, isDark]);

  const { window_s, range, limits, gaps, marks } = props;
  useEffect(() => {
    plot.current?.setData(data);
  }, [data, window_s, range, limits, gaps, marks, shape, isDark]);

  const at_s = cursor === null ? null : (props.times_s[cursor] ?? null);
  return (
    <div className={styles.chart}>
      <div
        ref={place}
        className={styles.plot}
        role="img"
        // A picture that takes keys: arrows move, plus and minus zoom.
        tabIndex={0}
        aria-label={props.description}
        title={props.help}
      />
      <Legend lines={props.lines} format={props.format} cursor={cursor} />
      <p className={styles.at} aria-hidden="true">
        {at_s !== null && momentLabel(at_s)}
        {at_s !== null && <strong>{markNear(props, at_s)}</strong>}
      </p>
    </div>
  );
}

function markNear({ marks = [], window_s }: ChartProps, at_s: number): string {
  const near_s = (window_s[1] - window_s[0]) * MARK_NEAR;
  return marks
    .filter((mark) => Math.abs(mark.at_s - at_s) <= near_s)
    .map((mark) => mark.label)
    .join(", ");
}

interface LegendProps {
  lines: readonly Line[];
  format: ChartProps["format"];
  cursor: number | null;
}

function Legend({ lines, format, cursor }: LegendProps) {
  return (
    <ul className={styles.legend} aria-hidden="true">
      {lines.map((line) => (
        <li key={line.label} className={styles.entry}>
          <span
            className={classes(styles.swatch, line.dashed && styles.dashed)}
            style={{ color: `var(${line.colour})` }}
          />
          {line.label}{" "}
          <strong>{format(valueAt(line.values, cursor ?? line.values.length - 1))}</strong>
        </li>
      ))}
    </ul>
  );
}

// A line chart over time. Draws what it is given: shaping the data is lib/series.ts's work.
// Loaded only where a chart is shown.
import { useEffect, useMemo, useRef, useState } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { chartOptions, type Limit, type Line } from "./chart_options";
import styles from "./Chart.module.css";
import { classes } from "./classes";
import { useIsDark } from "./theme";

export type { Limit, Line };

export interface ChartProps {
  /** Read to those who do not see the picture. */
  description: string;
  times_s: readonly number[];
  lines: readonly Line[];
  limits?: readonly Limit[];
  /** Seconds since 1970: the left and right edge. */
  window_s: readonly [number, number];
  range: readonly [number, number];
  /** How much one on the axis is in the lines' own unit. */
  unitSize: number;
  format: (value: number | null) => string;
  /** Charts with the same key share one crosshair. */
  syncKey: string;
}

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
  // What the lines and limits are, but for their values: only then the plot is made anew.
  const shape = JSON.stringify([
    props.lines.map(({ label, colour, dashed }) => [label, colour, dashed]),
    props.limits,
    props.syncKey,
  ]);

  useEffect(() => {
    latest.current = props;
  });

  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const options = chartOptions(element, () => latest.current, setCursor);
    const made = new uPlot(options, [[]], element);
    plot.current = made;
    const resize = new ResizeObserver(() =>
      made.setSize({ width: element.clientWidth, height: element.clientHeight }),
    );
    resize.observe(element);
    return () => {
      resize.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [shape, isDark]);

  useEffect(() => {
    plot.current?.setData(data);
  }, [data, props.window_s, props.range, shape, isDark]);

  const at = cursor === null ? null : props.times_s[cursor];
  return (
    <div className={styles.chart}>
      <div ref={place} className={styles.plot} role="img" aria-label={props.description} />
      <ul className={styles.legend} aria-hidden="true">
        {props.lines.map((line) => (
          <li key={line.label} className={styles.entry}>
            <span
              className={classes(styles.swatch, line.dashed && styles.dashed)}
              style={{ color: `var(${line.colour})` }}
            />
            {line.label} <strong>{props.format(line.values.at(cursor ?? -1) ?? null)}</strong>
          </li>
        ))}
        {at != null && <li className={styles.at}>{new Date(at * 1000).toLocaleTimeString()}</li>}
      </ul>
    </div>
  );
}

// Turns what a chart is told into uPlot's options: colours from the page's tokens, a shared
// crosshair, and a drag with the mouse that chooses a stretch of time.
import type uPlot from "uplot";
import type { Value } from "@/lib/series";
import { TIME_STEPS_S, timeLabels, valueLabels } from "./chart_axes";
import {
  colourReader,
  paintBand,
  paintGaps,
  paintLimits,
  paintMarks,
  type GapArea,
  type Limit,
  type Mark,
} from "./chart_paint";

export interface Line {
  label: string;
  /** A colour token, "--chart-1". */
  colour: string;
  values: readonly Value[];
  dashed?: boolean;
  /** So much of the value above and below it is as good: painted behind all lines. */
  band?: number;
}

export interface Told {
  lines: readonly Line[];
  limits?: readonly Limit[];
  gaps?: readonly GapArea[];
  marks?: readonly Mark[];
  /** Seconds since 1970: the left and right edge. */
  window_s: readonly [number, number];
  range: readonly [number, number];
  /** How much one on the axis is in the lines' own unit. */
  unitSize: number;
  /** Charts with the same key share one crosshair. */
  syncKey: string;
}

export interface Heard {
  onCursor: (index: number | null) => void;
  /** Seconds since 1970. */
  onSelect: (from_s: number, to_s: number) => void;
}

/** Narrower drags are clicks, in points. */
const DRAG_LEAST = 8;

function select(plot: uPlot, heard: Heard): void {
  const { left, width } = plot.select;
  if (width < DRAG_LEAST) return;
  heard.onSelect(plot.posToVal(left, "x"), plot.posToVal(left + width, "x"));
  plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
}

/** `told` gives the newest every time it is asked, so that new data needs no new plot. */
export function chartOptions(element: HTMLElement, told: () => Told, heard: Heard): uPlot.Options {
  const colour = colourReader(element);
  const axis: uPlot.Axis = {
    stroke: colour("--ink-soft"),
    font: '12px "Figtree Variable", system-ui, sans-serif',
    grid: { stroke: colour("--chart-grid"), width: 1 },
    ticks: { show: false },
  };
  return {
    width: element.clientWidth,
    height: element.clientHeight,
    legend: { show: false },
    padding: [8, 10, 0, 0],
    cursor: {
      sync: { key: told().syncKey },
      drag: { x: true, y: false, setScale: false },
      points: { size: 8 },
    },
    scales: {
      x: { time: true, range: () => [...told().window_s] as [number, number] },
      y: { range: () => [...told().range] as [number, number] },
    },
    axes: [
      { ...axis, space: 64, size: 32, incrs: TIME_STEPS_S, values: timeLabels },
      { ...axis, size: 44, space: 34, values: (_, at) => valueLabels(at, told().unitSize) },
    ],
    series: [
      {},
      ...told().lines.map((line): uPlot.Series => ({
        label: line.label,
        stroke: colour(line.colour),
        width: line.dashed ? 1.5 : 2,
        ...(line.dashed && { dash: [6, 5] }),
        points: { show: false },
        spanGaps: false,
      })),
    ],
    hooks: {
      drawClear: [
        (plot) => {
          paintGaps(plot, told().gaps ?? [], colour);
          told().lines.forEach(({ band, colour: token }, index) => {
            if (band !== undefined) paintBand(plot, index + 1, band, colour(token));
          });
        },
      ],
      draw: [
        (plot) => {
          paintMarks(plot, told().marks ?? [], colour);
          paintLimits(plot, told().limits ?? [], colour);
        },
      ],
      setCursor: [(plot) => heard.onCursor(plot.cursor.idx ?? null)],
      setSelect: [(plot) => select(plot, heard)],
    },
  };
}

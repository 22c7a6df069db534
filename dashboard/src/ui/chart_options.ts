// Turns what a chart is told into uPlot's options: colours from the page's tokens, limit lines,
// a shared crosshair.
import uPlot from "uplot";

export interface Line {
  label: string;
  /** A colour token, "--chart-1". */
  colour: string;
  values: readonly (number | null)[];
  dashed?: boolean;
}

export interface Limit {
  label: string;
  value: number;
  colour: string;
}

interface Told {
  lines: readonly Line[];
  limits?: readonly Limit[];
  window_s: readonly [number, number];
  range: readonly [number, number];
  unitSize: number;
  syncKey: string;
}

/** A canvas does not know the page's tokens; the browser resolves them on a probe. */
function colourReader(element: HTMLElement): (token: string) => string {
  const probe = document.createElement("span");
  element.append(probe);
  return (token) => {
    probe.style.color = `var(${token})`;
    return getComputedStyle(probe).color;
  };
}

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });

function drawLimits(
  plot: uPlot,
  limits: readonly Limit[],
  colour: (token: string) => string,
): void {
  const { ctx, bbox } = plot;
  const ratio = uPlot.pxRatio;
  ctx.save();
  ctx.lineWidth = 1.5 * ratio;
  ctx.font = `600 ${11 * ratio}px "Figtree Variable", system-ui, sans-serif`;
  ctx.textAlign = "left";
  ctx.textBaseline = "bottom";
  for (const limit of limits) {
    const y = Math.round(plot.valToPos(limit.value, "y", true));
    if (y < bbox.top || y > bbox.top + bbox.height) continue;
    ctx.strokeStyle = ctx.fillStyle = colour(limit.colour);
    ctx.setLineDash([6 * ratio, 5 * ratio]);
    ctx.beginPath();
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
    ctx.stroke();
    ctx.fillText(limit.label, bbox.left + 6 * ratio, y - 3 * ratio);
  }
  ctx.restore();
}

/** As many decimals as the steps between the labels need, and no more. */
function axisLabels(at: readonly number[], unitSize: number): string[] {
  const step = at.length > 1 ? ((at[1] ?? 0) - (at[0] ?? 0)) / unitSize : 1;
  const isWhole = (value: number): boolean => Math.abs(value - Math.round(value)) < 1e-6;
  const decimals = [0, 1, 2].find((places) => isWhole(step * 10 ** places)) ?? 3;
  return at.map((value) => (value / unitSize).toFixed(decimals));
}

const MINUTE_S = 60;
/** Labels say hours and minutes, so two of them are at least a minute apart. */
const TIME_STEPS_S = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720].map((min) => min * MINUTE_S);

/** `told` gives the newest every time it is asked, so that new data needs no new plot. */
export function chartOptions(
  element: HTMLElement,
  told: () => Told,
  onCursor: (index: number | null) => void,
): uPlot.Options {
  const colour = colourReader(element);
  const grid = { stroke: colour("--chart-grid"), width: 1 };
  const axis: uPlot.Axis = {
    stroke: colour("--ink-soft"),
    font: '12px "Figtree Variable", system-ui, sans-serif',
    grid,
    ticks: { show: false },
  };
  return {
    width: element.clientWidth,
    height: element.clientHeight,
    legend: { show: false },
    padding: [8, 10, 0, 0],
    cursor: {
      sync: { key: told().syncKey },
      drag: { x: false, y: false },
      points: { size: 8 },
    },
    scales: {
      x: { time: true, range: () => [...told().window_s] as [number, number] },
      y: { range: () => [...told().range] as [number, number] },
    },
    axes: [
      {
        ...axis,
        space: 60,
        size: 32,
        incrs: TIME_STEPS_S,
        values: (_, at) => at.map((s) => clock.format(s * 1000)),
      },
      { ...axis, size: 44, space: 34, values: (_, at) => axisLabels(at, told().unitSize) },
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
      draw: [(plot) => drawLimits(plot, told().limits ?? [], colour)],
      setCursor: [(plot) => onCursor(plot.cursor.idx ?? null)],
    },
  };
}

// What a chart paints besides its lines: grey gaps, limit lines, marks of what happened.
import uPlot from "uplot";

export interface Limit {
  label: string;
  value: number;
  /** A colour token, "--chart-1". */
  colour: string;
}

export interface GapArea {
  from_s: number;
  to_s: number;
}

/** Something that happened at a moment. */
export interface Mark {
  at_s: number;
  label: string;
  colour: string;
}

export type ColourReader = (token: string) => string;

/** A canvas does not know the page's tokens; the browser resolves them on a probe. */
export function colourReader(element: HTMLElement): ColourReader {
  const probe = document.createElement("span");
  element.append(probe);
  return (token) => {
    probe.style.color = `var(${token})`;
    return getComputedStyle(probe).color;
  };
}

export function paintGaps(plot: uPlot, gaps: readonly GapArea[], colour: ColourReader): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.fillStyle = colour("--chart-gap");
  for (const gap of gaps) {
    const left = Math.max(bbox.left, plot.valToPos(gap.from_s, "x", true));
    const right = Math.min(bbox.left + bbox.width, plot.valToPos(gap.to_s, "x", true));
    if (right > left) ctx.fillRect(left, bbox.top, right - left, bbox.height);
  }
  ctx.restore();
}

/** A stretch around a series, `share` of each value above and below; broken where it is null.
 * A value that is undefined is another line's moment. */
export function paintBand(plot: uPlot, series: number, share: number, colour: string): void {
  const { ctx, bbox, data } = plot;
  const [first, last] = plot.series[0]?.idxs ?? [0, -1];
  let known: [time: number, value: number][] = [];
  const fill = (): void => {
    const corner = ([time, value]: [number, number], factor: number): void =>
      ctx.lineTo(plot.valToPos(time, "x", true), plot.valToPos(value * factor, "y", true));
    ctx.beginPath();
    known.forEach((point) => corner(point, 1 + share));
    known.reverse().forEach((point) => corner(point, 1 - share));
    ctx.fill();
    known = [];
  };
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  ctx.fillStyle = colour;
  ctx.globalAlpha = 0.13;
  for (let i = first; i <= last; i++) {
    const value = data[series]?.[i];
    if (value === null) fill();
    else if (value !== undefined) known.push([data[0][i] ?? 0, value]);
  }
  fill();
  ctx.restore();
}

export function paintLimits(plot: uPlot, limits: readonly Limit[], colour: ColourReader): void {
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

/** A thin line with a diamond at its foot. */
export function paintMarks(plot: uPlot, marks: readonly Mark[], colour: ColourReader): void {
  const { ctx, bbox } = plot;
  const ratio = uPlot.pxRatio;
  const size = 5 * ratio;
  ctx.save();
  ctx.lineWidth = ratio;
  ctx.setLineDash([]); // a dashed line may have been painted before
  for (const mark of marks) {
    const x = Math.round(plot.valToPos(mark.at_s, "x", true));
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    const foot = bbox.top + bbox.height - size;
    ctx.strokeStyle = ctx.fillStyle = colour(mark.colour);
    ctx.globalAlpha = 0.45;
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, foot);
    ctx.stroke();
    ctx.globalAlpha = 1;
    ctx.beginPath();
    ctx.moveTo(x, foot - size);
    ctx.lineTo(x + size, foot);
    ctx.lineTo(x, foot + size);
    ctx.lineTo(x - size, foot);
    ctx.closePath();
    ctx.fill();
  }
  ctx.restore();
}

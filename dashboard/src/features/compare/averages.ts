// What a stretch of time was like on average, and whether another one was better. Pure.
import type { History } from "@/api/types";
import type { Stretch } from "@/lib/view";

export interface Averages {
  hashrate_ghs: number | null;
  power_w: number | null;
  efficiency_j_th: number | null;
  chip_temp_c: number | null;
  error_pct: number | null;
}

export const COMPARED = ["hashrate_ghs", "power_w", "chip_temp_c", "error_pct"] as const;

/** Of the known values inside the stretch; null where none is known. */
export function averagesOf({ columns, data }: History, { from_ms, to_ms }: Stretch): Averages {
  const times = data[columns.indexOf("at_ms")] ?? [];
  const inside = (i: number): boolean => (times[i] ?? 0) >= from_ms && (times[i] ?? 0) < to_ms;
  const average = (name: string): number | null => {
    const known = (data[columns.indexOf(name)] ?? []).filter(
      (value, i): value is number => value !== null && inside(i),
    );
    return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
  };
  const hashrate_ghs = average("hashrate_ghs");
  const power_w = average("power_w");
  return {
    hashrate_ghs,
    power_w,
    // Of the averages: two noisy figures divided one by one are noisier still.
    efficiency_j_th:
      power_w === null || hashrate_ghs === null || hashrate_ghs <= 0
        ? null
        : (power_w / hashrate_ghs) * 1000,
    chip_temp_c: average("chip_temp_c"),
    error_pct: average("error_pct"),
  };
}

/** Less than this is noise, as a share. */
const SAME = 0.01;

export type Verdict = "better" | "worse" | "same" | "unknown";

/** `more`: more of it is better. */
export function verdict(before: number | null, after: number | null, more: boolean): Verdict {
  if (before === null || after === null) return "unknown";
  if (Math.abs(after - before) <= Math.abs(before) * SAME) return "same";
  return after > before === more ? "better" : "worse";
}

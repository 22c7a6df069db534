// The hashrate of the last hours on a miner's card.
import { useMemo } from "react";
import { useHistory } from "@/api/queries";
import type { History } from "@/api/types";
import { Sparkline } from "@/ui/Sparkline";

const WANTED = {
  view: { kind: "live", range: "6h" },
  begin_ms: 0,
  points: 80,
  metrics: ["hashrate_ghs"],
} as const;

/** From zero to a little above the highest, so that noise does not look like a fall. */
export function sparkOf({ from, to, columns, data }: History): {
  places: number[];
  values: (number | null)[];
} {
  const times = data[columns.indexOf("at_ms")] ?? [];
  const rates = data[columns.indexOf("hashrate_ghs")] ?? [];
  const first_ms = Math.max(Date.parse(from), times[0] ?? 0);
  const span_ms = Math.max(1, Date.parse(to) - first_ms);
  const high = rates.reduce<number>((most, rate) => Math.max(most, rate ?? 0), 0) * 1.1;
  return {
    places: times.map((at) => ((at ?? first_ms) - first_ms) / span_ms),
    values: rates.map((rate) => (rate === null || high === 0 ? null : rate / high)),
  };
}

export function MinerSpark({ id }: { id: number }) {
  const { data } = useHistory(id, WANTED);
  const spark = useMemo(() => (data ? sparkOf(data) : null), [data]);
  return <Sparkline places={spark?.places ?? []} values={spark?.values ?? []} />;
}

// In which order, and in which groups, many miners stand on the page.
import { byAttention, toneOf, type Judged, type Tone } from "./attention";
import { compareNames } from "./names";

export const ORDERS = ["attention", "name", "hashrate", "temperature", "power"] as const;
export type Order = (typeof ORDERS)[number];

export const GROUPINGS = ["none", "state", "model", "pool", "firmware"] as const;
export type Grouping = (typeof GROUPINGS)[number];

export interface Arranged extends Judged {
  model: string | null;
  firmware: string | null;
  pool: { host: string } | null;
  sample: {
    hashrate_ghs: number | null;
    chip_temp_c: number | null;
    power_w: number | null;
  };
}

export const parseOrder = (value: string | null): Order =>
  ORDERS.find((order) => order === value) ?? "attention";
export const parseGrouping = (value: string | null): Grouping =>
  GROUPINGS.find((grouping) => grouping === value) ?? "none";

const FIGURE: Readonly<Partial<Record<Order, (miner: Arranged) => number | null>>> = {
  hashrate: (miner) => miner.sample.hashrate_ghs,
  temperature: (miner) => miner.sample.chip_temp_c,
  power: (miner) => miner.sample.power_w,
};

/** A sorted copy. Figures fall, with the unknown at the end; equal ones stand by name. */
export function inOrder<M extends Arranged>(miners: readonly M[], order: Order): M[] {
  if (order === "attention") return byAttention(miners);
  const figure = FIGURE[order];
  const value = (miner: M): number => figure?.(miner) ?? -Infinity;
  return [...miners].sort((a, b) => {
    const [x, y] = [value(a), value(b)];
    return x === y ? compareNames(a.name, b.name) : y - x;
  });
}

export interface Group<M> {
  /** What its miners have in common; null when that is not known. "" for the one group of all. */
  name: string | null;
  /** Of a group by state: how it is shown. */
  tone?: Tone;
  miners: M[];
}

const KEY: Readonly<Record<Grouping, (miner: Arranged) => string | null>> = {
  none: () => "",
  state: (miner) => toneOf(miner),
  model: (miner) => miner.model,
  pool: (miner) => miner.pool?.host ?? null,
  firmware: (miner) => miner.firmware,
};

const TONES: readonly Tone[] = ["bad", "warn", "calm", "good"];

/** Groups by name, those by state with the most in need first; the order inside is kept. */
export function inGroups<M extends Arranged>(miners: readonly M[], grouping: Grouping): Group<M>[] {
  const groups = new Map<string | null, M[]>();
  for (const miner of miners) {
    const key = KEY[grouping](miner);
    const group = groups.get(key);
    if (group) group.push(miner);
    else groups.set(key, [miner]);
  }
  const rank = (name: string | null): number =>
    grouping === "state" ? TONES.indexOf((name ?? "good") as Tone) : name === null ? 1 : 0;
  return [...groups]
    .map(([name, list]): Group<M> => ({
      name,
      miners: list,
      ...(grouping === "state" && { tone: name as Tone }),
    }))
    .sort((a, b) => rank(a.name) - rank(b.name) || compareNames(a.name ?? "", b.name ?? ""));
}

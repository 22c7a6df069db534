// Pure changes of the cached list of miners. Miners that did not change keep their identity,
// so that only the cards concerned are drawn again.
import type { Miner } from "./types";

/**
 * Puts the newer readings in, by id. A reading that is older than the one at hand is dropped:
 * the answer to a click and the event stream may overtake each other.
 */
export function withMiners(list: readonly Miner[], changed: readonly Miner[]): Miner[] {
  const fresh = new Map(changed.map((miner) => [miner.id, miner]));
  const merged = list.map((old) => {
    const next = fresh.get(old.id);
    fresh.delete(old.id);
    return next && next.version >= old.version ? next : old;
  });
  if (fresh.size === 0) return merged;
  return [...merged, ...fresh.values()].sort((a, b) => a.id - b.id);
}

export function withoutMiner(list: readonly Miner[], id: number): Miner[] {
  return list.filter((miner) => miner.id !== id);
}

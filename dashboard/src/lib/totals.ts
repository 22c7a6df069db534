// The figures of all miners together, from the figures of each: they agree with the cards.

export interface Counted {
  best_diff_ever: number | null;
  sample: {
    hashrate_ghs: number | null;
    expected_hashrate_ghs: number | null;
    power_w: number | null;
    best_diff: number | null;
  };
}

export interface Totals {
  hashrate_ghs: number | null;
  expected_hashrate_ghs: number | null;
  power_w: number | null;
  efficiency_j_th: number | null;
  best_diff: number | null;
}

/** Adds only what is known; unknown when nothing is. */
function sum(values: readonly (number | null)[]): number | null {
  return values.reduce<number | null>((total, v) => (v === null ? total : (total ?? 0) + v), null);
}

function highest(values: readonly (number | null)[]): number | null {
  return values.reduce<number | null>(
    (best, v) => (v === null || (best !== null && best >= v) ? best : v),
    null,
  );
}

/** J/TH over those miners whose hashrate and power are both known. */
function efficiency(miners: readonly Counted[]): number | null {
  let watts = 0;
  let ghs = 0;
  for (const { sample } of miners) {
    if (sample.power_w === null || sample.hashrate_ghs === null) continue;
    watts += sample.power_w;
    ghs += sample.hashrate_ghs;
  }
  return ghs > 0 ? (watts / ghs) * 1000 : null;
}

export function totalsOf(miners: readonly Counted[]): Totals {
  return {
    hashrate_ghs: sum(miners.map((m) => m.sample.hashrate_ghs)),
    expected_hashrate_ghs: sum(miners.map((m) => m.sample.expected_hashrate_ghs)),
    power_w: sum(miners.map((m) => m.sample.power_w)),
    efficiency_j_th: efficiency(miners),
    best_diff: highest(miners.map((m) => m.best_diff_ever ?? m.sample.best_diff)),
  };
}

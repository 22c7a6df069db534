// Which miner needs its owner first, and in which tone it is shown.

import { compareNames } from "./names";

export type State =
  | "hashing"
  | "starting"
  | "paused"
  | "not_hashing"
  | "overheated"
  | "fault"
  | "unresponsive"
  | "offline"
  | "unknown";

/** good: works. calm: not working, and nobody needs to act. warn: look at it. bad: act. */
export type Tone = "good" | "calm" | "warn" | "bad";

export interface Judged {
  name: string;
  state: State;
  alerts: readonly { severity: "info" | "warning" | "critical"; rule: string }[];
}

const STATE_TONE: Record<State, Tone> = {
  hashing: "good",
  starting: "calm",
  paused: "calm",
  unknown: "calm",
  unresponsive: "warn",
  not_hashing: "bad",
  overheated: "bad",
  fault: "bad",
  offline: "bad",
};

const ORDER: Record<Tone, number> = { bad: 0, warn: 1, calm: 2, good: 3 };

function worse(a: Tone, b: Tone): Tone {
  return ORDER[a] <= ORDER[b] ? a : b;
}

export function toneOf(miner: Judged): Tone {
  return miner.alerts.reduce<Tone>(
    (tone, alert) =>
      alert.severity === "info"
        ? tone
        : worse(tone, alert.severity === "critical" ? "bad" : "warn"),
    STATE_TONE[miner.state],
  );
}

/** What stands on the miner's label: its state, or that it runs hot although it works. */
export function labelOf(miner: Judged): State | "hot" {
  const hot = miner.alerts.some((alert) => alert.rule.endsWith("_temp"));
  return miner.state === "hashing" && hot ? "hot" : miner.state;
}

/** A sorted copy: the most in need first, then by name, so that cards do not jump about. */
export function byAttention<M extends Judged>(miners: readonly M[]): M[] {
  return [...miners].sort(
    (a, b) => ORDER[toneOf(a)] - ORDER[toneOf(b)] || compareNames(a.name, b.name),
  );
}

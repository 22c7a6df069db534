import type { Miner } from "@/api/types";
import { labelOf, toneOf, type State } from "@/lib/attention";
import { text } from "@/lib/texts";
import type { IconName } from "@/ui/Icon";
import { Label } from "@/ui/Label";

const ICONS: Record<State | "hot", IconName> = {
  hashing: "check",
  starting: "sunrise",
  paused: "pause",
  not_hashing: "stop",
  overheated: "warm",
  fault: "wrench",
  unresponsive: "silent",
  offline: "wifiOff",
  unknown: "question",
  hot: "warm",
};

export function StateLabel({ miner }: { miner: Miner }) {
  const label = labelOf(miner);
  return (
    <Label tone={toneOf(miner)} icon={ICONS[label]}>
      {text(`state.${label}`)}
    </Label>
  );
}

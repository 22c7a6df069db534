import type { Miner } from "@/api/types";
import { toneOf } from "@/lib/attention";
import { asSentence, text, withFirmUnits } from "@/lib/texts";
import { Note } from "@/ui/Note";

interface Props {
  miner: Miner;
  /** On a card, where name, state and age stand beside it: the reason alone. */
  brief?: boolean;
}

/** Why the miner is not well and what to do; nothing while there is nothing to say. */
export function Trouble({ miner, brief = false }: Props) {
  const tone = toneOf(miner);
  if (tone === "good" && miner.advice === null) return null;
  const title = brief && miner.reason !== null ? asSentence(miner.reason) : miner.text;
  return (
    <Note tone={tone === "good" ? "calm" : tone} icon="bulb" title={withFirmUnits(title)}>
      {miner.fault && <p>{text("miner.fault", { fault: miner.fault })}</p>}
      {miner.advice && <p>{miner.advice}</p>}
    </Note>
  );
}

import type { Miner } from "@/api/types";
import { toneOf } from "@/lib/attention";
import { text } from "@/lib/texts";
import { Note } from "@/ui/Note";

/** Why the miner is not well and what to do; nothing while there is nothing to say. */
export function Trouble({ miner }: { miner: Miner }) {
  const tone = toneOf(miner);
  if (tone === "good" && miner.advice === null) return null;
  return (
    <Note tone={tone === "good" ? "calm" : tone} icon="bulb" title={miner.text}>
      {miner.fault && <p>{text("miner.fault", { fault: miner.fault })}</p>}
      {miner.advice && <p>{miner.advice}</p>}
    </Note>
  );
}

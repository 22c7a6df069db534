// A miner's page without its history, which is a feature of its own and comes in as `children`.
import type { ReactNode } from "react";
import type { Miner } from "@/api/types";
import { ChangeDialogs } from "./ChangeDialogs";
import { MinerFacts } from "./MinerFacts";
import { MinerFigures } from "./MinerFigures";
import { MinerHead } from "./MinerHead";

export function MinerDetail({ miner, children }: { miner: Miner; children: ReactNode }) {
  return (
    <>
      <MinerHead miner={miner} />
      <MinerFigures miner={miner} />
      {children}
      <MinerFacts miner={miner} />
      <ChangeDialogs miner={miner} />
    </>
  );
}

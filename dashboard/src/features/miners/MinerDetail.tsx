// A miner's page without its history and its device, which are features of their own.
import type { ReactNode } from "react";
import type { Miner } from "@/api/types";
import { ChangeDialogs } from "./ChangeDialogs";
import { MinerFigures } from "./MinerFigures";
import { MinerHead } from "./MinerHead";

interface Props {
  miner: Miner;
  /** What stands between the head and the figures. */
  above: ReactNode;
  children: ReactNode;
}

export function MinerDetail({ miner, above, children }: Props) {
  return (
    <>
      <MinerHead miner={miner} />
      {above}
      <MinerFigures miner={miner} />
      {children}
      <ChangeDialogs miner={miner} />
    </>
  );
}

import type { Miner } from "@/api/types";
import { MinerCard } from "./MinerCard";
import styles from "./MinerList.module.css";

export function Cards({ miners }: { miners: readonly Miner[] }) {
  return (
    <ul className={styles.grid} data-count={miners.length}>
      {miners.map((miner) => (
        <li key={miner.id}>
          <MinerCard miner={miner} />
        </li>
      ))}
    </ul>
  );
}

// Other miners whose lines are drawn beside this one's. They stand in the URL ("with=2,5").
import { useSearchParams } from "wouter";
import { useMiners } from "@/api/queries";
import type { Miner } from "@/api/types";
import { text } from "./texts";
import { Button } from "@/ui/Button";
import { Menu } from "@/ui/Menu";
import { COMPARED_MOST } from "./charts";
import styles from "./History.module.css";

export function useCompared(miner: Miner): [Miner[], (ids: number[]) => void] {
  const [params, setParams] = useSearchParams();
  const { data: miners = [] } = useMiners();
  const ids = [...new Set((params.get("with") ?? "").split(",").map(Number))].slice(
    0,
    COMPARED_MOST,
  );
  const compared = ids.flatMap(
    (id) => miners.find((one) => one.id === id && id !== miner.id) ?? [],
  );
  const set = (next: number[]): void =>
    setParams(
      (now) => {
        const changed = new URLSearchParams(now);
        if (next.length > 0) changed.set("with", next.join(","));
        else changed.delete("with");
        return changed;
      },
      { replace: true },
    );
  return [compared, set];
}

interface Props {
  miner: Miner;
  compared: readonly Miner[];
  onChange: (ids: number[]) => void;
}

/** More cannot be told apart in a menu. */
const OFFERED_MOST = 30;

export function Compare({ miner, compared, onChange }: Props) {
  const { data: miners = [] } = useMiners();
  const ids = compared.map((one) => one.id);
  const offered = miners.filter((one) => one.id !== miner.id && !ids.includes(one.id));
  if (offered.length + compared.length === 0) return null;
  return (
    <div className={styles.compare}>
      {compared.map((one) => (
        <Button
          key={one.id}
          look="quiet"
          icon="cross"
          aria-label={text("history.compareLess", { name: one.name })}
          onClick={() => onChange(ids.filter((id) => id !== one.id))}
        >
          {one.name}
        </Button>
      ))}
      {compared.length < COMPARED_MOST && offered.length > 0 && (
        <Menu
          label={text("history.compare")}
          icon="compare"
          words
          items={offered.slice(0, OFFERED_MOST).map((one) => ({
            label: one.name,
            icon: "plus",
            onSelect: () => onChange([...ids, one.id]),
          }))}
        />
      )}
    </div>
  );
}

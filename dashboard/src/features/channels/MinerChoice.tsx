// All miners, or only some of them.
import { useState } from "react";
import { useMiners } from "@/api/queries";
import { Segmented } from "@/ui/Segmented";
import { TextField } from "@/ui/TextField";
import styles from "./ChannelForm.module.css";
import { text } from "./texts";

interface Props {
  /** Null: all of them. */
  chosen: readonly number[] | null;
  error: string | null;
  onChange: (chosen: readonly number[] | null) => void;
}

const WHICH = ["all", "some"] as const;
/** More are found by their name. */
const SHOWN_MAX = 30;

export function MinerChoice({ chosen, error, onChange }: Props) {
  return (
    <div className={styles.choice}>
      <p className={styles.label}>{text("channels.miners")}</p>
      <Segmented
        legend={text("channels.miners")}
        options={WHICH.map((value) => ({ value, label: text(`channels.miners.${value}`) }))}
        value={chosen === null ? "all" : "some"}
        onChange={(which) => onChange(which === "all" ? null : [])}
      />
      {chosen !== null && <Some chosen={chosen} onChange={onChange} />}
      {error && (
        <p className={styles.error} role="alert">
          {error}
        </p>
      )}
    </div>
  );
}

interface SomeProps {
  chosen: readonly number[];
  onChange: (chosen: readonly number[]) => void;
}

function Some({ chosen, onChange }: SomeProps) {
  const { data: miners = [] } = useMiners();
  const [sought, setSought] = useState("");
  const found = miners.filter((miner) =>
    miner.name.toLocaleLowerCase().includes(sought.trim().toLocaleLowerCase()),
  );
  const toggle = (id: number): void =>
    onChange(chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id]);
  return (
    <>
      {miners.length > SHOWN_MAX && (
        <TextField
          type="search"
          label={text("channels.miners.find")}
          value={sought}
          onChange={(event) => setSought(event.target.value)}
        />
      )}
      <ul className={styles.miners}>
        {found.slice(0, SHOWN_MAX).map((miner) => (
          <li key={miner.id}>
            <label className={styles.miner}>
              <input
                type="checkbox"
                checked={chosen.includes(miner.id)}
                onChange={() => toggle(miner.id)}
              />
              {miner.name}
            </label>
          </li>
        ))}
      </ul>
      {found.length > SHOWN_MAX && (
        <p className={styles.hint}>
          {text("channels.miners.more", { count: found.length - SHOWN_MAX })}
        </p>
      )}
    </>
  );
}

// The miners that are watched now, alive, each waiting for a name.
import { useState, type SubmitEvent } from "react";
import { useChangeMiner } from "@/api/actions";
import { useMiners } from "@/api/queries";
import type { Miner } from "@/api/types";
import { labelOf, toneOf } from "@/lib/attention";
import { hashrate, temperature } from "@/lib/format";
import { Button } from "@/ui/Button";
import { Label } from "@/ui/Label";
import { Note } from "@/ui/Note";
import { TextField } from "@/ui/TextField";
import { useToast } from "@/ui/Toasts";
import styles from "./Setup.module.css";
import { text } from "./texts";

/** More are named on their own pages. */
const SHOWN = 6;

export function MeetMiners() {
  const { data: miners } = useMiners();
  if (!miners) return null;
  if (miners.length === 0) {
    return (
      <Note tone="calm" icon="info" title={text("meet.none")}>
        {text("meet.none.advice")}
      </Note>
    );
  }
  return (
    <>
      <ul className={styles.found}>
        {miners.slice(0, SHOWN).map((miner) => (
          <li key={miner.id} className={styles.miner}>
            <Alive miner={miner} />
            <NameForm miner={miner} />
          </li>
        ))}
      </ul>
      {miners.length > SHOWN && (
        <p className={styles.text}>{text("meet.more", { count: miners.length - SHOWN })}</p>
      )}
    </>
  );
}

function Alive({ miner }: { miner: Miner }) {
  const { hashrate_ghs, chip_temp_c } = miner.sample;
  return (
    <div className={styles.minerWords}>
      <Label tone={toneOf(miner)}>{text(`state.${labelOf(miner)}`)}</Label>
      <p className={styles.text}>
        {[miner.model, hashrate(hashrate_ghs), temperature(chip_temp_c)]
          .filter(Boolean)
          .join(" · ")}
      </p>
    </div>
  );
}

function NameForm({ miner }: { miner: Miner }) {
  const [name, setName] = useState(miner.name);
  const change = useChangeMiner(miner.id);
  const say = useToast();
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const onSuccess = (): void => say(text("settings.saved"));
    change.mutate({ name: name.trim() }, { onSuccess });
  };
  return (
    <form className={styles.naming} onSubmit={submit} noValidate>
      <TextField
        label={text("meet.name")}
        error={change.error?.message ?? null}
        maxLength={60}
        autoComplete="off"
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <Button
        type="submit"
        look={name.trim() === miner.name ? "plain" : "primary"}
        icon="check"
        busy={change.isPending}
        aria-label={text("meet.save.named", { name: miner.name })}
      >
        {text("settings.save")}
      </Button>
    </form>
  );
}

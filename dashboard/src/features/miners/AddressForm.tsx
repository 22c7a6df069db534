// Address and name of a new miner. The monitor asks the device at once, so a mistake is told here.
import { useState, type SyntheticEvent } from "react";
import { useAddMiner } from "@/api/actions";
import { ApiError } from "@/api/client";
import type { Miner } from "@/api/types";
import { text } from "@/lib/texts";
import { Button } from "@/ui/Button";
import { TextField } from "@/ui/TextField";
import { useToast } from "@/ui/Toasts";
import styles from "./AddressForm.module.css";

interface Props {
  onAdded?: (miner: Miner) => void;
}

export function AddressForm({ onAdded }: Props) {
  const [address, setAddress] = useState("");
  const [name, setName] = useState("");
  const [missing, setMissing] = useState(false);
  const add = useAddMiner();
  const say = useToast();

  const send = (verify: boolean): void => {
    setMissing(address.trim() === "");
    if (address.trim() === "" || add.isPending) return;
    add.mutate(
      { address: address.trim(), name: name.trim() || null, verify },
      {
        onSuccess: (miner) => {
          say(text("add.done", { name: miner.name }));
          onAdded?.(miner);
        },
      },
    );
  };
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    send(true);
  };
  // The device itself did not answer as a miner: it may just be switched off.
  const mayAddAnyway = add.error instanceof ApiError && add.error.status === 422;
  return (
    <form className={styles.form} onSubmit={submit} noValidate>
      <TextField
        label={text("add.address")}
        hint={text("add.address.hint")}
        error={missing ? text("add.needAddress") : (add.error?.message ?? null)}
        value={address}
        onChange={(event) => setAddress(event.target.value)}
        inputMode="url"
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
      />
      <TextField
        label={text("add.name")}
        hint={text("add.name.hint")}
        value={name}
        onChange={(event) => setName(event.target.value)}
        maxLength={63}
        autoComplete="off"
      />
      <div className={styles.actions}>
        {mayAddAnyway && (
          <Button look="quiet" onClick={() => send(false)} title={text("add.anyway.hint")}>
            {text("add.anyway")}
          </Button>
        )}
        <Button type="submit" look="primary" icon="plus" busy={add.isPending}>
          {text(add.isPending ? "add.submitting" : "add.submit")}
        </Button>
      </div>
    </form>
  );
}

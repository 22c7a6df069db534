// What a kilowatt-hour costs, with what that means for these miners while it is typed.
import { useState, type SubmitEvent } from "react";
import { useMiners } from "@/api/queries";
import { useChangeSettings, type Settings } from "@/api/settings";
import { costOf } from "@/lib/cost";
import { energyPerDay } from "@/lib/format";
import { totalsOf } from "@/lib/totals";
import { Button } from "@/ui/Button";
import { Note } from "@/ui/Note";
import { Select } from "@/ui/Select";
import { TextField } from "@/ui/TextField";
import { useToast } from "@/ui/Toasts";
import { currencyOptions, guessCurrency, readPrice, typedPrice } from "./currencies";
import styles from "./Setup.module.css";
import { text } from "./texts";

/** Watts of one small Bitaxe, for an example while nothing is measured. */
const EXAMPLE_W = 18;

interface Props {
  settings: Settings;
  onSaved?: () => void;
}

export function Electricity({ settings, onSaved }: Props) {
  const [price, setPrice] = useState(typedPrice(settings.electricity_price_per_kwh));
  const [currency, setCurrency] = useState(settings.currency ?? guessCurrency(navigator.language));
  const [wrong, setWrong] = useState(false);
  const change = useChangeSettings();
  const say = useToast();

  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const read = readPrice(price);
    setWrong(read === null && price.trim() !== "");
    if (read === null && price.trim() !== "") return;
    const onSuccess = (): void => {
      say(text("settings.saved"));
      onSaved?.();
    };
    change.mutate({ electricity_price_per_kwh: read, currency }, { onSuccess });
  };
  return (
    <form className={styles.form} onSubmit={submit} noValidate>
      <TextField
        label={text("settings.price")}
        hint={text("settings.price.hint")}
        error={wrong ? text("settings.price.wrong") : (change.error?.message ?? null)}
        inputMode="decimal"
        autoComplete="off"
        value={price}
        onChange={(event) => setPrice(event.target.value)}
      />
      <Select
        label={text("settings.currency")}
        value={currency}
        options={currencyOptions(currency)}
        onChange={setCurrency}
      />
      <Preview price={readPrice(price)} currency={currency} />
      <div className={styles.actions}>
        <Button type="submit" look="primary" busy={change.isPending}>
          {text("settings.save")}
        </Button>
      </div>
    </form>
  );
}

function Preview({ price, currency }: { price: number | null; currency: string }) {
  const { data: miners } = useMiners();
  const measured = totalsOf(miners ?? []).power_w;
  const watts = measured ?? EXAMPLE_W;
  const paid = { electricity_price_per_kwh: price, currency };
  const perDay = costOf(watts, 1, paid);
  if (perDay === null) return null;
  const values = {
    energy: energyPerDay(watts),
    perDay,
    perMonth: costOf(watts, 365 / 12, paid) ?? "",
    perYear: costOf(watts, 365, paid) ?? "",
  };
  return (
    <Note tone="calm" icon="bolt" title={text("settings.price.preview", values)} announced>
      {text(measured === null ? "settings.price.example" : "settings.price.measured", values)}
    </Note>
  );
}

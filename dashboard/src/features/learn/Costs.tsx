// What the power costs, and what it heats.
import { useState } from "react";
import { useRecords } from "@/api/learn";
import { useMiners } from "@/api/queries";
import { useSettings } from "@/api/settings";
import { costOf, money, type Price } from "@/lib/cost";
import { DAYS, energy_kwh, likenessOf, readPrice, type Span } from "@/lib/energy";
import * as format from "@/lib/format";
import { classes } from "@/ui/classes";
import { Note } from "@/ui/Note";
import { TextField } from "@/ui/TextField";
import { Value } from "@/ui/Value";
import styles from "./Learn.module.css";
import { Loading } from "./States";
import { text } from "./texts";
import { dayOf } from "./words";

const SPANS: readonly Span[] = ["day", "month", "year"];

export function Costs({ miner }: { miner: number | null }) {
  const { data: miners } = useMiners();
  const { data: settings } = useSettings();
  const [typed, setTyped] = useState<string | null>(null);
  if (!miners) return <Loading />;
  const watts = miners
    .filter((one) => miner === null || one.id === miner)
    .reduce<number | null>(
      (sum, { sample }) => (sample.power_w === null ? sum : (sum ?? 0) + sample.power_w),
      null,
    );
  const set = settings?.electricity_price_per_kwh ?? null;
  const shown = typed ?? (set === null ? "" : String(set));
  const price = {
    electricity_price_per_kwh: readPrice(shown),
    currency: settings?.currency ?? null,
  };
  return (
    <>
      <p className={styles.lead}>{text("costs.lead")}</p>
      <div className={styles.field}>
        <TextField
          label={text("costs.price")}
          hint={text(set === null ? "costs.price.hint" : "costs.price.set")}
          error={
            shown.trim() !== "" && readPrice(shown) === null ? text("costs.price.wrong") : null
          }
          value={shown}
          inputMode="decimal"
          autoComplete="off"
          onChange={({ target }) => setTyped(target.value)}
        />
      </div>
      {watts === null ? (
        <Note tone="calm" icon="info" title={text("costs.unknown")} />
      ) : (
        <Drawn watts={watts} price={price} />
      )}
      <SoFar miner={miner} price={price} />
    </>
  );
}

function Drawn({ watts, price }: { watts: number; price: Price }) {
  const { key, amount } = likenessOf(watts);
  const size = format.joined(
    key === "bulb" ? format.countParts(amount) : format.percentParts(amount),
  );
  const day = format.joined(format.energyParts(energy_kwh(watts, "day")));
  return (
    <>
      <ul className={classes(styles.records, styles.spans)}>
        <li className={styles.card}>
          <h2 className={styles.cardTitle}>{text("costs.now")}</h2>
          <p className={styles.recordValue}>
            <Value parts={format.powerParts(watts)} />
          </p>
          <p className={styles.small}>{text("costs.supply")}</p>
        </li>
        {SPANS.map((span) => (
          <li key={span} className={styles.card}>
            <h2 className={styles.cardTitle}>{text(`costs.${span}`)}</h2>
            <p className={styles.recordValue}>
              {costOf(watts, DAYS[span], price) ?? (
                <Value parts={format.energyParts(energy_kwh(watts, span))} />
              )}
            </p>
            {price.electricity_price_per_kwh !== null && (
              <p className={styles.small}>
                {format.joined(format.energyParts(energy_kwh(watts, span)))}
              </p>
            )}
          </li>
        ))}
      </ul>
      <section className={styles.big} aria-labelledby="heat-title">
        <h2 id="heat-title" className={styles.cardTitle}>
          {text("costs.heat")}
        </h2>
        <p className={styles.said}>
          {text(`costs.heat.${key}`, { watts: size, count: amount, percent: size })}
        </p>
        <p>{text("costs.heat.day", { energy: day })}</p>
      </section>
    </>
  );
}

function SoFar({ miner, price }: { miner: number | null; price: Price }) {
  const { data } = useRecords(miner);
  if (!data?.since) return null;
  const energy = format.joined(format.energyParts(data.energy_kwh));
  const perKwh = price.electricity_price_per_kwh;
  return (
    <section className={styles.card}>
      <h2 className={styles.cardTitle}>{text("costs.sofar")}</h2>
      <p className={styles.recordValue}>
        {perKwh === null ? energy : money(data.energy_kwh * perKwh, price.currency)}
      </p>
      <p className={styles.small}>{text("costs.sofar.text", { energy, day: dayOf(data.since) })}</p>
    </section>
  );
}

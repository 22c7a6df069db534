// The lottery in figures, with a slider to try other hashrates.
import { useState } from "react";
import { useOdds } from "@/api/learn";
import type { Odds as Told } from "@/api/types";
import * as format from "@/lib/format";
import { chanceOf, hashrateAt, placeOf } from "@/lib/odds";
import { Button } from "@/ui/Button";
import { Note } from "@/ui/Note";
import { TextField } from "@/ui/TextField";
import styles from "./Learn.module.css";
import { Failed, Loading } from "./States";
import { text } from "./texts";
import { chanceWords, dayOf, lotteryWords, readDifficulty, waitWords } from "./words";

const STEPS = 1000;

export function Odds({ miner }: { miner: number | null }) {
  const { data, isError } = useOdds(miner);
  if (isError && !data) return <Failed />;
  if (!data) return <Loading />;
  return <Known key={miner ?? 0} told={data} />;
}

function Known({ told }: { told: Told }) {
  const [tried_ghs, setTried] = useState<number | null>(null);
  const [typed, setTyped] = useState("");
  const own_ghs = told.hashrate_ghs;
  const hashrate_ghs = tried_ghs ?? own_ghs ?? 1000;
  const difficulty = told.network.difficulty ?? readDifficulty(typed);
  const block = chanceOf(hashrate_ghs, difficulty);
  return (
    <>
      <p className={styles.lead}>{text("odds.lead")}</p>
      {told.network.difficulty === null && <Ask typed={typed} onChange={setTyped} />}
      {own_ghs === null && <Note tone="calm" icon="info" title={text("odds.nothing")} />}
      <section className={styles.big} aria-labelledby="block-title">
        <h2 id="block-title" className={styles.cardTitle}>
          {text("odds.block")}
        </h2>
        <p className={styles.huge} aria-live="polite">
          {chanceWords(block)}
        </p>
        {block && Number.isFinite(block.mean_s) && (
          <p>{text("odds.years", { years: waitWords(block.mean_s) })}</p>
        )}
        <Slider hashrate_ghs={hashrate_ghs} onChange={setTried} />
        {tried_ghs !== null && own_ghs !== null && (
          <Button onClick={() => setTried(null)}>{text("odds.mine")}</Button>
        )}
        {difficulty !== null && (
          <p className={styles.small}>
            {text(sourceOf(told), { difficulty: format.difficulty(difficulty) })}
          </p>
        )}
      </section>
      <div className={styles.cards}>
        <Record told={told} hashrate_ghs={hashrate_ghs} />
        <Luck luck={told.luck} />
        {block && Number.isFinite(block.oneIn) && (
          <section className={styles.card}>
            <h2 className={styles.cardTitle}>{text("odds.compare")}</h2>
            <p>{lotteryWords(block)}</p>
          </section>
        )}
      </div>
    </>
  );
}

function sourceOf({ network }: Told) {
  if (network.source === null) return "odds.network.given";
  return network.source === "demo" ? "odds.network.demo" : "odds.network";
}

function Ask({ typed, onChange }: { typed: string; onChange: (typed: string) => void }) {
  const wrong = typed !== "" && readDifficulty(typed) === null;
  return (
    <div className={styles.field}>
      <TextField
        label={text("odds.difficulty")}
        hint={text("odds.difficulty.hint")}
        error={wrong ? text("odds.difficulty.wrong") : null}
        value={typed}
        inputMode="decimal"
        autoComplete="off"
        onChange={({ target }) => onChange(target.value)}
      />
    </div>
  );
}

interface SliderProps {
  hashrate_ghs: number;
  onChange: (ghs: number) => void;
}

function Slider({ hashrate_ghs, onChange }: SliderProps) {
  return (
    <label className={styles.slider}>
      <span>
        {text("odds.slider")} <strong>{format.hashrate(hashrate_ghs)}</strong>
      </span>
      <input
        type="range"
        min={0}
        max={STEPS}
        value={Math.round(placeOf(hashrate_ghs) * STEPS)}
        aria-valuetext={format.hashrate(hashrate_ghs)}
        onChange={({ target }) => onChange(hashrateAt(Number(target.value) / STEPS))}
      />
    </label>
  );
}

function Record({ told, hashrate_ghs }: { told: Told; hashrate_ghs: number }) {
  const chance = chanceOf(hashrate_ghs, told.best_difficulty);
  return (
    <section className={styles.card}>
      <h2 className={styles.cardTitle}>{text("odds.record")}</h2>
      <p>
        {chance === null
          ? text("odds.record.none")
          : text("odds.record.text", {
              best: format.difficulty(told.best_difficulty),
              chance: chanceWords(chance),
              wait: waitWords(chance.mean_s),
            })}
      </p>
    </section>
  );
}

function Luck({ luck }: { luck: Told["luck"] }) {
  return (
    <section className={styles.card}>
      <h2 className={styles.cardTitle}>{text("odds.luck")}</h2>
      {luck.percentile === null || luck.since === null ? (
        <p>{text("odds.luck.none")}</p>
      ) : (
        <>
          <p>
            {text("odds.luck.text", {
              since: dayOf(luck.since),
              usual: format.difficulty(luck.usual_best_difficulty),
              best: format.difficulty(luck.best_difficulty),
            })}
          </p>
          <p>
            <strong>
              {text("odds.luck.place", {
                percent: format.joined(format.percentParts(luck.percentile)),
              })}
            </strong>
          </p>
          <p className={styles.small}>{text("odds.luck.note")}</p>
        </>
      )}
    </section>
  );
}

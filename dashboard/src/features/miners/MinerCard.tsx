// One miner at a glance: how it is in words, what it does, how warm it is, how old that is.
import { memo } from "react";
import { Link } from "wouter";
import type { Miner } from "@/api/types";
import { toneOf } from "@/lib/attention";
import {
  difficultyParts,
  efficiencyParts,
  hashrate,
  hashrateParts,
  percentOf,
  powerParts,
  temperature,
  temperatureParts,
} from "@/lib/format";
import { hashrateFill, temperatureGauge } from "@/lib/limits";
import { text } from "@/lib/texts";
import { duration } from "@/lib/time";
import { classes } from "@/ui/classes";
import { Meter } from "@/ui/Meter";
import tones from "@/ui/tones.module.css";
import { Value } from "@/ui/Value";
import { DemoLabel } from "./DemoLabel";
import styles from "./MinerCard.module.css";
import { MinerSpark } from "./MinerSpark";
import { SeenAge } from "./SeenAge";
import { StateLabel } from "./StateLabel";
import { Trouble } from "./Trouble";

export const MinerCard = memo(function MinerCard({ miner }: { miner: Miner }) {
  const tone = toneOf(miner);
  return (
    <article className={classes(styles.card, tones[tone], tone !== "good" && styles.marked)}>
      <header className={styles.head}>
        <div className={styles.who}>
          <h3 className={styles.name}>
            <Link to={`/miners/${miner.id}`} className={styles.link}>
              {miner.name}
            </Link>
          </h3>
          <p className={styles.model}>
            {miner.model ?? text("miner.modelUnknown")} {miner.demo && <DemoLabel />}
          </p>
        </div>
        <StateLabel miner={miner} />
      </header>
      <Trouble miner={miner} brief />
      <div className={styles.body}>
        <Hashrate miner={miner} />
        <div className={styles.temperatures}>
          <Temperature
            title={text("miner.chip")}
            celsius={miner.sample.chip_temp_c}
            warn={miner.limits.chip_warn_c}
            trip={miner.limits.chip_trip_c}
          />
          <Temperature
            title={text("miner.vr")}
            celsius={miner.sample.vr_temp_c}
            warn={miner.limits.vr_warn_c}
            trip={miner.limits.vr_trip_c}
          />
        </div>
      </div>
      <SmallFigures miner={miner} />
      <footer>
        <SeenAge miner={miner} />
      </footer>
    </article>
  );
});

function Hashrate({ miner }: { miner: Miner }) {
  const { hashrate_ghs, expected_hashrate_ghs: expected } = miner.sample;
  const percent = percentOf(hashrate_ghs, expected);
  return (
    <div className={styles.hashrate}>
      <p className={styles.line}>
        <span className="visually-hidden">{text("miner.hashrate")} </span>
        <span className={styles.big}>
          <Value parts={hashrateParts(hashrate_ghs)} />
        </span>
        {hashrate_ghs !== null && (
          <span className={styles.aside}>
            {expected === null
              ? text("miner.expectedUnknown")
              : text("miner.ofExpected", { percent, expected: hashrate(expected) })}
          </span>
        )}
      </p>
      <Meter tone="accent" fill={hashrateFill(hashrate_ghs, expected)} />
      <MinerSpark id={miner.id} />
    </div>
  );
}

interface TemperatureProps {
  title: string;
  celsius: number | null;
  warn: number | null;
  trip: number | null;
}

function Temperature({ title, celsius, warn, trip }: TemperatureProps) {
  const gauge = temperatureGauge(celsius, warn, trip);
  const over = gauge.tone === "warn" || gauge.tone === "bad";
  return (
    <div className={classes(styles.temperature, over && styles.over, tones[gauge.tone])}>
      <p className={styles.line}>
        <span className={styles.title}>{title}</span>
        <span className={styles.degrees}>
          <Value parts={temperatureParts(celsius)} />
        </span>
      </p>
      <Meter {...gauge} />
      {warn !== null && celsius !== null && (
        <p className={styles.limit}>
          {text(over ? "miner.overLimit" : "miner.limit", { limit: temperature(warn) })}
        </p>
      )}
    </div>
  );
}

function SmallFigures({ miner }: { miner: Miner }) {
  const { sample } = miner;
  const best = miner.best_diff_ever ?? sample.best_diff;
  return (
    <dl className={styles.small}>
      <div>
        <dt>{text("miner.power")}</dt>
        <dd>
          <Value parts={powerParts(sample.power_w)} />
        </dd>
      </div>
      <div>
        <dt>{text("miner.efficiency")}</dt>
        <dd>
          <Value parts={efficiencyParts(sample.efficiency_j_th)} />
        </dd>
      </div>
      <div>
        <dt>{text("miner.uptime")}</dt>
        <dd>{duration(sample.uptime_s)}</dd>
      </div>
      <div>
        <dt>{text("miner.best")}</dt>
        <dd>
          <Value parts={difficultyParts(best)} />
        </dd>
      </div>
    </dl>
  );
}

// Mining in ten pictures of our own.
import type { ComponentType } from "react";
import { Block, Guess, Hash, Pool, Target } from "./pictures/work";
import { Difficulty, Heat, Lottery, Parts, Payout } from "./pictures/reward";
import styles from "./HowItWorks.module.css";
import { text } from "./texts";

type Step =
  | "guess"
  | "hash"
  | "target"
  | "block"
  | "pool"
  | "difficulty"
  | "odds"
  | "parts"
  | "heat"
  | "payout";

const STEPS: readonly [Step, ComponentType<{ alt: string }>][] = [
  ["guess", Guess],
  ["hash", Hash],
  ["target", Target],
  ["block", Block],
  ["pool", Pool],
  ["difficulty", Difficulty],
  ["odds", Lottery],
  ["parts", Parts],
  ["heat", Heat],
  ["payout", Payout],
];

export function HowItWorks() {
  return (
    <>
      <p className={styles.lead}>{text("how.lead")}</p>
      <ol className={styles.steps}>
        {STEPS.map(([step, Drawing], index) => (
          <li key={step} id={step} className={styles.step}>
            <div className={styles.inside}>
              <Drawing alt={text(`how.${step}.alt`)} />
              <div>
                <h2 className={styles.title}>
                  <span className={styles.number} aria-hidden="true">
                    {index + 1}
                  </span>
                  {text(`how.${step}.title`)}
                </h2>
                <p className={styles.text}>{text(`how.${step}.text`)}</p>
              </div>
            </div>
          </li>
        ))}
      </ol>
    </>
  );
}

// How to set a service up, step by step; nothing for a service that has no guide.
import styles from "./Guide.module.css";
import { findText, text } from "./texts";

const STEPS_MAX = 6;

/** `name`: as in the texts, channels.guide.NAME.1 and so on. */
export function Guide({ name }: { name: string }) {
  const steps = Array.from({ length: STEPS_MAX }, (_, i) =>
    findText(`channels.guide.${name}.${i + 1}`),
  ).filter((step) => step !== null);
  if (steps.length === 0) return null;
  return (
    <div className={styles.guide}>
      <h3 className={styles.title}>{text("channels.guide")}</h3>
      <ol className={styles.steps}>
        {steps.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
    </div>
  );
}

// The frame of the first steps: where one is, back, on, and out of it.
import { useEffect, useRef, type ReactNode } from "react";
import { Button } from "@/ui/Button";
import styles from "./Setup.module.css";
import { placeBefore, STEPS, stepIndex, type Place } from "./steps";
import { text } from "./texts";

interface Props {
  place: Place;
  children: ReactNode;
  /** True when what the step is for is done: the way on is the button to press. */
  ready: boolean;
  onGo: (place: Place) => void;
  onNext: () => void;
  onLeave: () => void;
}

export function Guide({ place, children, ready, onGo, onNext, onLeave }: Props) {
  const heading = useHeading(place);
  const index = stepIndex(place);
  const before = placeBefore(place);
  const isDone = place === "done";
  const number = { number: index + 1, count: STEPS.length };
  return (
    <div className={styles.guide}>
      <ol className={styles.steps} aria-label={text("guide.progress", number)}>
        {STEPS.map((step, at) => (
          <li key={step} className={styles.step} data-reached={at <= index} />
        ))}
      </ol>
      <h1 ref={heading} tabIndex={-1} className={styles.title}>
        {text(`guide.${place}`)}
      </h1>
      <p className={styles.text}>{text(`guide.${place}.text`)}</p>
      {children}
      {!isDone && (
        <div className={styles.foot}>
          <div className={styles.actions}>
            {before && (
              <Button look="quiet" icon="back" onClick={() => onGo(before)}>
                {text("guide.back")}
              </Button>
            )}
            <Button look="quiet" onClick={onLeave}>
              {text("guide.leave")}
            </Button>
          </div>
          <Button look={ready ? "primary" : "plain"} onClick={onNext}>
            {text(ready ? "guide.next" : "guide.skip")}
          </Button>
        </div>
      )}
    </div>
  );
}

/** A new step is announced by its heading, not the first one: that is a new page. */
function useHeading(place: Place) {
  const heading = useRef<HTMLHeadingElement>(null);
  const previous = useRef(place);
  useEffect(() => {
    if (previous.current === place) return;
    previous.current = place;
    heading.current?.focus();
  }, [place]);
  return heading;
}

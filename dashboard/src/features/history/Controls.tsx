// What stands above the charts: the range, moving through time, comparing, the data as a file.
import { exportAddress } from "@/api/client";
import type { Miner } from "@/api/types";
import { DEFAULT_RANGE, RANGES } from "@/lib/ranges";
import { text } from "./texts";
import { panned, zoomed, type Stretch } from "@/lib/view";
import { Button } from "@/ui/Button";
import { Icon } from "@/ui/Icon";
import { Segmented } from "@/ui/Segmented";
import styles from "./History.module.css";
import type { StretchState } from "./useStretch";

interface Props {
  miner: Miner;
  stretch: StretchState;
  /** What the charts show now. */
  shown: Stretch | null;
}

export function Controls({ miner, stretch, shown }: Props) {
  const { view } = stretch;
  return (
    <div className={styles.controls}>
      <Segmented
        legend={text("history.range")}
        value={view.kind === "live" ? view.range : "fixed"}
        onChange={(value) => stretch.choose(value === "fixed" ? DEFAULT_RANGE : value)}
        options={[
          ...RANGES.map((value) => ({
            value,
            label: text(`history.${value}`),
            name: text(`history.${value}.long`),
          })),
          ...(view.kind === "fixed"
            ? [{ value: "fixed" as const, label: text("history.fixed") }]
            : []),
        ]}
      />
      {shown && <Moves stretch={stretch} shown={shown} />}
      {shown && (
        <a className={styles.save} href={exportAddress(miner.id, shown)} download>
          <Icon name="download" />
          {text("history.saveData")}
        </a>
      )}
    </div>
  );
}

const STEP = 0.5;

function Moves({ stretch, shown }: { stretch: StretchState; shown: Stretch }) {
  const middle = (shown.from_ms + shown.to_ms) / 2;
  const moves = [
    { label: text("history.earlier"), icon: "back", to: panned(shown, -STEP) },
    { label: text("history.later"), icon: "forward", to: panned(shown, STEP) },
    { label: text("history.zoomIn"), icon: "plus", to: zoomed(shown, STEP, middle) },
    { label: text("history.zoomOut"), icon: "minus", to: zoomed(shown, 1 / STEP, middle) },
  ] as const;
  return (
    <div className={styles.moves} role="group" aria-label={text("history.moves")}>
      {moves.map((move) => (
        <Button
          key={move.icon}
          look="quiet"
          icon={move.icon}
          aria-label={move.label}
          title={move.label}
          onClick={() => stretch.move(move.to)}
        />
      ))}
      {stretch.view.kind === "fixed" && (
        <Button look="quiet" onClick={stretch.reset}>
          {text("history.now")}
        </Button>
      )}
    </div>
  );
}

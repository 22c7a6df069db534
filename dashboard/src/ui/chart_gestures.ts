// Moving through time with mouse, fingers and keys. A gesture only says which stretch is wanted;
// whoever owns the stretch decides. Scrolling the page stays what it was: only a wheel with Ctrl
// (as a pinch on a touchpad gives it), a sideways wheel, or two fingers zoom.
import { panned, type Stretch, zoomed } from "@/lib/view";

export interface Gestures {
  stretch: () => Stretch;
  onStretch: (wanted: Stretch) => void;
  /** Back to what was shown at first. */
  onReset: () => void;
}

const KEY_PAN = 0.2;
const KEY_ZOOM = 0.6;

function keyStretch(key: string, shown: Stretch): Stretch | null {
  const middle = (shown.from_ms + shown.to_ms) / 2;
  switch (key) {
    case "ArrowLeft":
      return panned(shown, -KEY_PAN);
    case "ArrowRight":
      return panned(shown, KEY_PAN);
    case "+":
    case "=":
      return zoomed(shown, KEY_ZOOM, middle);
    case "-":
      return zoomed(shown, 1 / KEY_ZOOM, middle);
    default:
      return null;
  }
}

/** The moment at a place on the chart. */
function momentAt(element: Element, clientX: number, shown: Stretch): number {
  const { left, width } = element.getBoundingClientRect();
  const share = width > 0 ? (clientX - left) / width : 0.5;
  return shown.from_ms + share * (shown.to_ms - shown.from_ms);
}

function onWheel(event: WheelEvent, area: HTMLElement, gestures: Gestures): void {
  const shown = gestures.stretch();
  if (event.ctrlKey || event.metaKey) {
    event.preventDefault();
    const factor = Math.exp(Math.max(-50, Math.min(50, event.deltaY)) / 100);
    gestures.onStretch(zoomed(shown, factor, momentAt(area, event.clientX, shown)));
  } else if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
    event.preventDefault();
    gestures.onStretch(panned(shown, event.deltaX / Math.max(area.clientWidth, 1)));
  }
}

/** Fingers on the chart: where each was when the gesture began, and what was shown then. */
function touches(area: HTMLElement, gestures: Gestures): (signal: AbortSignal) => void {
  const fingers = new Map<number, { began: number; now: number }>();
  let before: Stretch | null = null;

  const restart = (): void => {
    before = fingers.size > 0 ? gestures.stretch() : null;
    for (const finger of fingers.values()) finger.began = finger.now;
  };
  const apply = (): void => {
    if (!before) return;
    const [one, two] = [...fingers.values()];
    if (!one) return;
    const width = Math.max(area.clientWidth, 1);
    if (!two) {
      gestures.onStretch(panned(before, (one.began - one.now) / width));
      return;
    }
    const apart = Math.max(24, Math.abs(one.began - two.began));
    const factor = apart / Math.max(24, Math.abs(one.now - two.now));
    const middle = momentAt(area, (one.began + two.began) / 2, before);
    gestures.onStretch(zoomed(before, factor, middle));
  };
  return (signal) => {
    const options = { signal };
    area.addEventListener(
      "pointerdown",
      (event) => {
        if (event.pointerType !== "touch") return;
        fingers.set(event.pointerId, { began: event.clientX, now: event.clientX });
        restart();
      },
      options,
    );
    area.addEventListener(
      "pointermove",
      (event) => {
        const finger = fingers.get(event.pointerId);
        if (!finger) return;
        finger.now = event.clientX;
        apply();
      },
      options,
    );
    for (const end of ["pointerup", "pointercancel", "pointerleave"] as const) {
      area.addEventListener(
        end,
        (event) => {
          if (fingers.delete(event.pointerId)) restart();
        },
        options,
      );
    }
  };
}

/**
 * `area` is the chart without its axes, `holder` what takes the keyboard's focus. Undone by
 * aborting `signal`.
 */
export function listen(
  holder: HTMLElement,
  area: HTMLElement,
  gestures: Gestures,
  signal: AbortSignal,
): void {
  area.style.touchAction = "pan-y"; // one finger up and down still scrolls the page
  area.addEventListener("wheel", (event) => onWheel(event, area, gestures), {
    passive: false,
    signal,
  });
  area.addEventListener("dblclick", () => gestures.onReset(), { signal });
  touches(area, gestures)(signal);
  holder.addEventListener(
    "keydown",
    (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === "0" || event.key === "Escape") {
        gestures.onReset();
        return;
      }
      const wanted = keyStretch(event.key, gestures.stretch());
      if (!wanted) return;
      event.preventDefault();
      gestures.onStretch(wanted);
    },
    { signal },
  );
}

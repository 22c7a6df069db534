import { useCallback, useSyncExternalStore } from "react";

/** One clock for all that tick together: they are drawn together, not each by itself. */
class Clock {
  private now_ms = Date.now();
  private timer: ReturnType<typeof setInterval> | undefined;
  private readonly listeners = new Set<() => void>();

  constructor(private readonly every_ms: number) {}

  /** Stays the same between two ticks, also for who comes while nobody else looks. */
  read(): number {
    const now_ms = Date.now();
    if (now_ms - this.now_ms >= this.every_ms) this.now_ms = now_ms;
    return this.now_ms;
  }

  subscribe(listener: () => void): () => void {
    if (this.listeners.size === 0) {
      this.timer = setInterval(this.tick, this.every_ms);
      document.addEventListener("visibilitychange", this.tick);
    }
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size > 0) return;
      clearInterval(this.timer);
      document.removeEventListener("visibilitychange", this.tick);
    };
  }

  private readonly tick = (): void => {
    if (document.visibilityState !== "visible") return;
    this.now_ms = Date.now();
    for (const listener of this.listeners) listener();
  };
}

const clocks = new Map<number, Clock>();

function clockOf(every_ms: number): Clock {
  const known = clocks.get(every_ms);
  if (known) return known;
  const clock = new Clock(every_ms);
  clocks.set(every_ms, clock);
  return clock;
}

/** The time, drawn anew after `every_ms`. Rests while the page is hidden. */
export function useNow(every_ms: number): number {
  const clock = clockOf(every_ms);
  const subscribe = useCallback((listener: () => void) => clock.subscribe(listener), [clock]);
  return useSyncExternalStore(subscribe, () => clock.read());
}

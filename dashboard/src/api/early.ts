// The event stream, opened while the page itself is still on its way: what the monitor says
// first is then there as soon as somebody can show it.

/** Where the monitor tells what happens, and by which names. */
export const EVENTS_PATH = "/api/v1/events";
export const EVENT_NAMES = ["hello", "miner", "removed", "summary", "health", "alert"] as const;

let opened: (() => EventSource | null) | null = null;

/** Opens the stream and holds back what it says until `takeStream`. */
export function openEarly(openStream = (url: string) => new EventSource(url)): void {
  const source = openStream(EVENTS_PATH);
  const held: MessageEvent<string>[] = [];
  const hold = (event: MessageEvent<string>): void => void held.push(event);
  for (const name of EVENT_NAMES) source.addEventListener(name, hold);
  let failed = false;
  source.onerror = () => {
    failed = true;
    source.close();
  };
  opened = () => {
    if (failed) return null;
    for (const name of EVENT_NAMES) source.removeEventListener(name, hold);
    // Once whoever took it listens, it hears what was said before.
    queueMicrotask(() => {
      for (const { type, data } of held) source.dispatchEvent(new MessageEvent(type, { data }));
    });
    return source;
  };
}

/** The stream that was opened early, once; a new one from then on. */
export function takeStream(url: string): EventSource {
  const early = opened?.() ?? null;
  opened = null;
  return early ?? new EventSource(url);
}

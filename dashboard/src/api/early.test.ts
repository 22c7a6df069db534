import { describe, expect, it, vi } from "vitest";
import { EVENTS_PATH, openEarly, takeStream } from "./early";

/** An EventSource whose events the test sends. */
class Stream extends EventTarget {
  closed = false;
  onerror: (() => void) | null = null;
  constructor(readonly url: string) {
    super();
  }
  close(): void {
    this.closed = true;
  }
  say(name: string, data: string): void {
    this.dispatchEvent(new MessageEvent(name, { data }));
  }
}

function openedStream(): Stream {
  const stream = new Stream(EVENTS_PATH);
  openEarly(() => stream as unknown as EventSource);
  return stream;
}

describe("a stream that was opened early", () => {
  it("says to whoever takes it what it said before, in order, and goes on", async () => {
    const stream = openedStream();
    stream.say("hello", "1");
    stream.say("miner", "2");

    const heard: string[] = [];
    const taken = takeStream(EVENTS_PATH);
    for (const name of ["hello", "miner"] as const)
      taken.addEventListener(name, (event: MessageEvent<string>) => heard.push(event.data));
    await Promise.resolve();
    stream.say("miner", "3");

    expect(taken).toBe(stream);
    expect(heard).toEqual(["1", "2", "3"]);
  });

  it("is taken once, and not when it has failed meanwhile", () => {
    vi.stubGlobal("EventSource", Stream);
    openedStream();
    takeStream(EVENTS_PATH);
    expect(takeStream("/again")).toMatchObject({ url: "/again" });

    const broken = openedStream();
    broken.onerror?.();
    expect(broken.closed).toBe(true);
    expect(takeStream(EVENTS_PATH)).not.toBe(broken);
    vi.unstubAllGlobals();
  });
});

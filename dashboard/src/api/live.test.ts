import { QueryClient } from "@tanstack/react-query";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { startLive } from "./live";
import { connectionKey, minersQuery, summaryQuery } from "./queries";
import type { Connection, Summary } from "./types";

/** An EventSource whose events the test sends. */
class Stream extends EventTarget {
  closed = false;
  onerror: (() => void) | null = null;
  close(): void {
    this.closed = true;
  }
  say(name: string, data: unknown): void {
    this.dispatchEvent(new MessageEvent(name, { data: JSON.stringify(data) }));
  }
}

const hello = {
  miners: [{ id: 1, version: 1 }],
  summary: { mood: "fine" },
  health: { status: "ok" },
};

let queries: QueryClient;
let streams: Stream[];
let stop: () => void;
const newest = (): Stream => streams[streams.length - 1] ?? new Stream();
const state = (): string | undefined => queries.getQueryData<Connection>(connectionKey)?.state;
const ids = (): number[] | undefined =>
  queries.getQueryData(minersQuery.queryKey)?.map((m) => m.id);

function answer(reachable: boolean): void {
  vi.stubGlobal("fetch", (path: string) =>
    reachable
      ? Promise.resolve(
          Response.json(
            path.includes("miners")
              ? { items: [{ id: 7, version: 1 }], next: null }
              : { mood: "attention" },
          ),
        )
      : Promise.reject(new TypeError("refused")),
  );
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("window", new EventTarget());
  vi.stubGlobal("document", Object.assign(new EventTarget(), { visibilityState: "visible" }));
  answer(true);
  queries = new QueryClient();
  streams = [];
  stop = startLive(queries, () => {
    const stream = new Stream();
    streams.push(stream);
    return stream as unknown as EventSource;
  });
});

afterEach(() => {
  stop();
  queries.clear();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("live", () => {
  it("takes everything from the first event and fetches nothing", () => {
    const fetched = vi.fn();
    vi.stubGlobal("fetch", fetched);
    newest().say("hello", hello);
    expect([state(), ids()]).toEqual(["live", [1]]);
    expect(fetched).not.toHaveBeenCalled();
  });

  it("puts readings into the cache together, a moment later", async () => {
    newest().say("hello", hello);
    newest().say("miner", { id: 2, version: 1 });
    newest().say("miner", { id: 3, version: 1 });
    expect(ids()).toEqual([1]);
    await vi.advanceTimersByTimeAsync(150);
    expect(ids()).toEqual([1, 2, 3]);
  });

  it("does not bring a removed miner back with a reading that was still waiting", async () => {
    newest().say("hello", hello);
    newest().say("miner", { id: 1, version: 2 });
    newest().say("removed", { id: 1 });
    await vi.advanceTimersByTimeAsync(150);
    expect(ids()).toEqual([]);
  });

  it("polls while the stream is down and returns to it", async () => {
    newest().say("hello", hello);
    newest().onerror?.();
    await vi.advanceTimersByTimeAsync(10);
    expect([state(), ids()]).toEqual(["polling", [7]]);
    expect(queries.getQueryData<Summary>(summaryQuery.queryKey)?.mood).toBe("attention");
    await vi.advanceTimersByTimeAsync(1100);
    expect(streams).toHaveLength(2);
    newest().say("hello", hello);
    expect([state(), ids()]).toEqual(["live", [1]]);
  });

  it("says lost when polling fails too, and keeps what was known", async () => {
    newest().say("hello", hello);
    const heard = queries.getQueryData<Connection>(connectionKey)?.heard_ms;
    answer(false);
    newest().onerror?.();
    await vi.advanceTimersByTimeAsync(10);
    expect([state(), ids()]).toEqual(["lost", [1]]);
    expect(queries.getQueryData<Connection>(connectionKey)?.heard_ms).toBe(heard);
  });

  it("shows an error when nothing was ever known", async () => {
    answer(false);
    newest().onerror?.();
    await vi.advanceTimersByTimeAsync(10);
    expect(queries.getQueryState(minersQuery.queryKey)?.status).toBe("error");
  });

  it("starts to poll when the stream opens but stays silent", async () => {
    await vi.advanceTimersByTimeAsync(4100);
    expect(state()).toBe("polling");
  });

  it("opens a stream anew that has fallen silent", async () => {
    newest().say("hello", hello);
    await vi.advanceTimersByTimeAsync(46_100);
    expect(streams[0]?.closed).toBe(true);
    expect(streams.length).toBeGreaterThan(1);
  });

  it("waits longer after each failure", async () => {
    answer(false);
    for (let i = 0; i < 3; i++) {
      newest().onerror?.();
      await vi.advanceTimersByTimeAsync(4100);
    }
    const opened = streams.length;
    newest().onerror?.();
    await vi.advanceTimersByTimeAsync(5000);
    expect(streams).toHaveLength(opened);
  });

  it("does nothing more once stopped", async () => {
    stop();
    newest().onerror?.();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(streams).toHaveLength(1);
  });
});

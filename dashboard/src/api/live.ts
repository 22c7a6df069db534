// Keeps the cache in step with the monitor, and alone does so.
//
//   CONNECTING --hello--> LIVE --error, or silent too long--> (opens again, polls meanwhile)
//        |                 ^                                        |            |
//        |                 '----------------hello------------------ POLLING <--> LOST
//        '--no hello in time, or error----------------------------> (the poll works | it fails)
//
// The stream begins with everything (`hello`), so nothing is fetched beside it while it works.
// Readings are collected and put into the cache together: with many miners a draw per reading
// would be most of the work.
import type { QueryClient } from "@tanstack/react-query";
import { backoff_ms } from "@/lib/backoff";
import { refreshAlerts } from "./alert_key";
import { arrived } from "./client";
import { EVENTS_PATH, takeStream } from "./early";
import { withMiners, withoutMiner } from "./miner_list";
import { CONNECTING, connectionKey, healthQuery, minersQuery, summaryQuery } from "./queries";
import type { Connection, Health, Hello, Miner, Removed, Summary, WireMiner } from "./types";

const HELLO_WITHIN_MS = 4000;
const SILENT_FOR_MS = 45_000;
const POLL_EVERY_MS = 5000;
const HEARD_EVERY_MS = 1000;
/** One miner's reading shows at once; a thousand miners are drawn once a second. */
const COLLECT_FOR_MS = { least: 100, most: 1000 } as const;

/** The events of the stream and what comes with them. */
interface Events {
  hello: Hello;
  miner: WireMiner;
  removed: Removed;
  summary: Summary;
  health: Health;
  alert: unknown;
}

export type OpenStream = (url: string) => EventSource;

class Live {
  private source: EventSource | null = null;
  private attempt = 0;
  private stopped = false;
  private collected = new Map<number, Miner>();
  private reopenTimer: Timer;
  private silenceTimer: Timer;
  private pollTimer: Timer;
  private collectTimer: Timer;

  constructor(
    private readonly queries: QueryClient,
    private readonly openStream: OpenStream,
  ) {
    queries.setQueryData<Connection>(connectionKey, CONNECTING);
    this.open();
  }

  stop(): void {
    this.stopped = true;
    this.source?.close();
    for (const timer of [this.reopenTimer, this.silenceTimer, this.pollTimer, this.collectTimer]) {
      clearTimeout(timer);
    }
  }

  /** After sleep or a change of network the old stream may be dead without knowing it. */
  wake(): void {
    if (this.stopped) return;
    const { heard_ms } = this.connection();
    if (heard_ms === null || Date.now() - heard_ms > POLL_EVERY_MS * 4) this.open();
  }

  private open(): void {
    clearTimeout(this.reopenTimer);
    this.source?.close();
    const source = this.openStream(EVENTS_PATH);
    this.source = source;
    source.onerror = () => this.broken();
    this.on("hello", (hello) => this.takeHello(hello));
    this.on("miner", (miner) => this.collect(arrived(miner)));
    this.on("removed", ({ id }) => this.remove(id));
    this.on("summary", (data) => this.queries.setQueryData(summaryQuery.queryKey, data));
    this.on("health", (data) => this.queries.setQueryData(healthQuery.queryKey, data));
    this.on("alert", () => refreshAlerts(this.queries));
    this.listenFor(HELLO_WITHIN_MS);
  }

  private on<K extends keyof Events>(name: K, take: (data: Events[K]) => void): void {
    const source = this.source;
    source?.addEventListener(name, (event: MessageEvent<string>) => {
      if (this.stopped || source !== this.source) return;
      take(JSON.parse(event.data) as Events[K]);
      this.heard("live");
      this.listenFor(SILENT_FOR_MS);
    });
  }

  private takeHello(hello: Hello): void {
    this.attempt = 0;
    clearTimeout(this.pollTimer);
    this.pollTimer = undefined;
    this.collected.clear();
    const miners = hello.miners.map((miner) => arrived(miner));
    this.queries.setQueryData(minersQuery.queryKey, miners);
    this.queries.setQueryData(summaryQuery.queryKey, hello.summary);
    this.queries.setQueryData(healthQuery.queryKey, hello.health);
  }

  private collect(miner: Miner): void {
    this.collected.set(miner.id, miner);
    const count = this.queries.getQueryData(minersQuery.queryKey)?.length ?? 0;
    const wait_ms = Math.min(COLLECT_FOR_MS.most, Math.max(COLLECT_FOR_MS.least, count));
    this.collectTimer ??= setTimeout(() => this.flush(), wait_ms);
  }

  private flush(): void {
    this.collectTimer = undefined;
    const changed = [...this.collected.values()];
    this.collected.clear();
    if (changed.length === 0) return;
    this.queries.setQueryData(minersQuery.queryKey, (list) => withMiners(list ?? [], changed));
  }

  private remove(id: number): void {
    this.collected.delete(id);
    this.queries.setQueryData(minersQuery.queryKey, (list) => withoutMiner(list ?? [], id));
  }

  /** Nothing heard in this time: ask instead, and try the stream anew. */
  private listenFor(time_ms: number): void {
    clearTimeout(this.silenceTimer);
    this.silenceTimer = setTimeout(() => this.broken(), time_ms);
  }

  private broken(): void {
    if (this.stopped) return;
    clearTimeout(this.silenceTimer);
    this.source?.close();
    this.source = null;
    this.reopenTimer = setTimeout(() => this.open(), backoff_ms(this.attempt++));
    if (this.pollTimer === undefined) void this.poll();
  }

  private async poll(): Promise<void> {
    this.pollTimer = setTimeout(() => void this.poll(), POLL_EVERY_MS);
    const fresh = { staleTime: 0, retry: false } as const;
    try {
      await Promise.all([
        this.queries.query({ ...minersQuery, ...fresh }),
        this.queries.query({ ...summaryQuery, ...fresh }),
        this.queries.query({ ...healthQuery, ...fresh }),
      ]);
      if (this.isPolling()) this.heard("polling");
    } catch {
      // Each query keeps its own error for the page to show.
      if (this.isPolling()) this.setConnection({ ...this.connection(), state: "lost" });
    }
  }

  /** False once the stream works again: an answer that comes late says nothing then. */
  private isPolling(): boolean {
    return !this.stopped && this.pollTimer !== undefined;
  }

  private connection(): Connection {
    return this.queries.getQueryData<Connection>(connectionKey) ?? CONNECTING;
  }

  /** Kept to the second: a thousand miners are heard a hundred times in one. */
  private heard(state: Connection["state"]): void {
    const known = this.connection();
    const now_ms = Date.now();
    if (known.state === state && now_ms - (known.heard_ms ?? 0) < HEARD_EVERY_MS) return;
    this.setConnection({ state, heard_ms: now_ms });
  }

  private setConnection(connection: Connection): void {
    this.queries.setQueryData<Connection>(connectionKey, connection);
  }
}

type Timer = ReturnType<typeof setTimeout> | undefined;

/** Runs until the function it returns is called. */
export function startLive(queries: QueryClient, openStream: OpenStream = takeStream): () => void {
  const live = new Live(queries, openStream);
  const wake = (): void => {
    if (document.visibilityState === "visible") live.wake();
  };
  window.addEventListener("online", wake);
  document.addEventListener("visibilitychange", wake);
  return () => {
    window.removeEventListener("online", wake);
    document.removeEventListener("visibilitychange", wake);
    live.stop();
  };
}

import { QueryClient } from "@tanstack/react-query";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { recall, startLastKnown } from "./last_known";
import { connectionKey, minersQuery, summaryQuery } from "./queries";
import type { Connection, Miner, Summary } from "./types";

const storage = new Map<string, string>();
const miner = { id: 1, name: "Kitchen", arrived_ms: 5 } as Miner;
const summary = { mood: "fine", text: "All is well." } as Summary;

function knowing(state: Connection["state"]): QueryClient {
  const queries = new QueryClient();
  queries.setQueryData(minersQuery.queryKey, [miner]);
  queries.setQueryData(summaryQuery.queryKey, summary);
  queries.setQueryData<Connection>(connectionKey, { state, heard_ms: 1000 });
  return queries;
}

beforeEach(() => {
  vi.useFakeTimers();
  storage.clear();
  vi.stubGlobal("localStorage", {
    getItem: (key: string) => storage.get(key) ?? null,
    setItem: (key: string, value: string) => storage.set(key, value),
  });
  vi.stubGlobal("document", { addEventListener: vi.fn() });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("last known", () => {
  it("comes back on a page that opens while the monitor is away, with its age", () => {
    startLastKnown(knowing("live"));
    vi.advanceTimersByTime(20_000);

    const later = new QueryClient();
    later.setQueryData<Connection>(connectionKey, { state: "connecting", heard_ms: null });
    startLastKnown(later);
    later.setQueryData<Connection>(connectionKey, { state: "lost", heard_ms: null });
    expect(later.getQueryData(minersQuery.queryKey)).toEqual([miner]);
    expect(later.getQueryData(summaryQuery.queryKey)).toEqual(summary);
    expect(later.getQueryData<Connection>(connectionKey)).toEqual({
      state: "lost",
      heard_ms: 1000,
    });
  });

  it("does not keep what it cannot vouch for", () => {
    startLastKnown(knowing("lost"));
    vi.advanceTimersByTime(20_000);
    expect(storage.size).toBe(0);
  });

  it("never replaces what is newer", () => {
    storage.set("last-known", JSON.stringify({ heard_ms: 1, summary, miners: [] }));
    const queries = knowing("lost");
    recall(queries);
    expect(queries.getQueryData(minersQuery.queryKey)).toEqual([miner]);
  });

  it("takes nonsense in the storage for nothing", () => {
    const queries = new QueryClient();
    for (const nonsense of ["{", "7", '{"heard_ms":"x"}']) {
      storage.set("last-known", nonsense);
      recall(queries);
      expect(queries.getQueryData(minersQuery.queryKey)).toBeUndefined();
    }
  });
});

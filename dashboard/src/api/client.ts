// The one place that speaks HTTP. Every failure leaves here as an ApiError with words for a person.
import { asSentence, text } from "@/lib/texts";
import { retoldMiner } from "./retold";
import type { Health, History, Miner, Problem, Summary, WireMiner } from "./types";

/** Adding and moving ask the device, which may take its full time to answer. */
const TIMEOUT_MS = 20_000;

export class ApiError extends Error {
  /** The HTTP status; 0 when no answer came at all. */
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.name = "ApiError";
    this.status = status;
  }
}

function isProblem(body: unknown): body is Problem {
  return (
    typeof body === "object" && body !== null && "detail" in body && typeof body.detail === "string"
  );
}

async function failure(response: Response): Promise<ApiError> {
  const body: unknown = await response.json().catch(() => null);
  return new ApiError(
    response.status,
    isProblem(body) ? asSentence(body.detail) : text("error.unexpected"),
  );
}

async function send(path: string, init: RequestInit, signal?: AbortSignal): Promise<Response> {
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  try {
    const response = await fetch(path, {
      ...init,
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    });
    if (!response.ok) throw await failure(response);
    return response;
  } catch (error) {
    if (error instanceof ApiError || signal?.aborted) throw error;
    throw new ApiError(0, text(timeout.aborted ? "error.timeout" : "error.network"));
  }
}

/** The contract is tested against the routes, so an answer is what its type says. */
async function readJson<T>(response: Response): Promise<T> {
  try {
    return (await response.json()) as T;
  } catch {
    throw new ApiError(response.status, text("error.unexpected"));
  }
}

export async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  return readJson<T>(await send(path, { headers: { Accept: "application/json" } }, signal));
}

export async function write<T>(method: "POST" | "PATCH", path: string, body?: unknown): Promise<T> {
  const headers: Record<string, string> = { Accept: "application/json" };
  if (body === undefined) return readJson<T>(await send(path, { method, headers }));
  headers["Content-Type"] = "application/json";
  return readJson<T>(await send(path, { method, headers, body: JSON.stringify(body) }));
}

export function arrived(miner: WireMiner, now_ms = Date.now()): Miner {
  return { ...retoldMiner(miner), arrived_ms: now_ms };
}

export interface MinerPage {
  items: WireMiner[];
  next: string | null;
}

/** All of them, page by page. */
export async function getMiners(signal?: AbortSignal): Promise<Miner[]> {
  const miners: Miner[] = [];
  let cursor: string | null = null;
  do {
    const after: string = cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`;
    const page: MinerPage = await get<MinerPage>(`/api/v1/miners?limit=1000${after}`, signal);
    miners.push(...page.items.map((miner) => arrived(miner)));
    cursor = page.next;
  } while (cursor !== null);
  return miners;
}

export const getSummary = (signal?: AbortSignal): Promise<Summary> =>
  get("/api/v1/summary", signal);

export const getHealth = (signal?: AbortSignal): Promise<Health> => get("/api/v1/health", signal);

export interface HistoryQuery {
  from_ms: number;
  to_ms: number;
  points: number;
  metrics: readonly string[];
}

export function getHistory(
  id: number,
  query: HistoryQuery,
  signal?: AbortSignal,
): Promise<History> {
  const parameters = new URLSearchParams({
    from: String(query.from_ms),
    to: String(query.to_ms),
    points: String(query.points),
    metrics: query.metrics.join(","),
  });
  return get(`/api/v1/miners/${id}/history?${parameters.toString()}`, signal);
}

/** Where the readings of a stretch can be had as a file. */
export function exportAddress(id: number, stretch: { from_ms: number; to_ms: number }): string {
  const from = Math.round(stretch.from_ms);
  const to = Math.round(stretch.to_ms);
  return `/api/v1/miners/${id}/export?format=csv&from=${from}&to=${to}`;
}

export async function remove(path: string): Promise<void> {
  await send(path, { method: "DELETE" });
}

// What a person can do, as mutations. Their answers go into the cache at once; the event stream
// says the same a moment later.
import { useMutation, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { arrived, remove, write, type MinerPage } from "./client";
import { withMiners, withoutMiner } from "./miner_list";
import { minersQuery } from "./queries";
import type { Miner, MinerChange, NewMiner, WireMiner } from "./types";

const MINERS = "/api/v1/miners";
const DEMO = "/api/v1/demo";

/** The miner that is the answer. */
async function change(method: "POST" | "PATCH", path: string, body?: unknown): Promise<Miner> {
  return arrived(await write<WireMiner>(method, path, body));
}

async function startDemo(): Promise<Miner[]> {
  const page = await write<MinerPage>("POST", DEMO);
  return page.items.map((miner) => arrived(miner));
}

function put(queries: QueryClient, miners: readonly Miner[]): void {
  queries.setQueryData(minersQuery.queryKey, (list) => withMiners(list ?? [], miners));
}

export function useAddMiner() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (miner: NewMiner) => change("POST", MINERS, miner),
    onSuccess: (miner) => put(queries, [miner]),
  });
}

export function useChangeMiner(id: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (wanted: MinerChange) => change("PATCH", `${MINERS}/${id}`, wanted),
    onSuccess: (miner) => put(queries, [miner]),
  });
}

export function usePollMiner(id: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => change("POST", `${MINERS}/${id}/poll`),
    onSuccess: (miner) => put(queries, [miner]),
  });
}

export function useRemoveMiner(id: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => remove(`${MINERS}/${id}`),
    onSuccess: () =>
      queries.setQueryData(minersQuery.queryKey, (list) => withoutMiner(list ?? [], id)),
  });
}

export function useStartDemo() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: startDemo,
    onSuccess: (miners) => put(queries, miners),
  });
}

export function useRemoveDemo() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => remove(DEMO),
    onSuccess: () =>
      queries.setQueryData(minersQuery.queryKey, (list) =>
        (list ?? []).filter((miner) => !miner.demo),
      ),
  });
}

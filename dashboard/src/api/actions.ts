// What a person can do, as mutations. Their answers go into the cache at once; the event stream
// says the same a moment later.
import { useMutation, useQueryClient, type QueryClient } from "@tanstack/react-query";
import * as client from "./client";
import { withMiners, withoutMiner } from "./miner_list";
import { minersQuery } from "./queries";
import type { Miner, MinerChange, NewMiner } from "./types";

function put(queries: QueryClient, miners: readonly Miner[]): void {
  queries.setQueryData(minersQuery.queryKey, (list) => withMiners(list ?? [], miners));
}

export function useAddMiner() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (miner: NewMiner) => client.addMiner(miner),
    onSuccess: (miner) => put(queries, [miner]),
  });
}

export function useChangeMiner(id: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (change: MinerChange) => client.changeMiner(id, change),
    onSuccess: (miner) => put(queries, [miner]),
  });
}

export function usePollMiner(id: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => client.pollMiner(id),
    onSuccess: (miner) => put(queries, [miner]),
  });
}

export function useRemoveMiner(id: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => client.removeMiner(id),
    onSuccess: () =>
      queries.setQueryData(minersQuery.queryKey, (list) => withoutMiner(list ?? [], id)),
  });
}

export function useStartDemo() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => client.startDemo(),
    onSuccess: (miners) => put(queries, miners),
  });
}

export function useRemoveDemo() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => client.removeDemo(),
    onSuccess: () =>
      queries.setQueryData(minersQuery.queryKey, (list) =>
        (list ?? []).filter((miner) => !miner.demo),
      ),
  });
}

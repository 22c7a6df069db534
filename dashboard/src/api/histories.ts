// Several miners' history beside each other: apart, because only a chart needs it.
import { keepPreviousData, useQueries } from "@tanstack/react-query";
import { historyQuery, type HistoryWanted } from "./queries";
import type { History } from "./types";

/** The same stretch of several miners, in the order of `ids`; null where it has not come yet. */
export function useHistories(
  ids: readonly number[],
  wanted: HistoryWanted,
): readonly (History | null)[] {
  return useQueries({
    queries: ids.map((id) => ({ ...historyQuery(id, wanted), placeholderData: keepPreviousData })),
    combine: dataOf,
  });
}

const dataOf = (answers: readonly { data: History | undefined }[]): (History | null)[] =>
  answers.map((answer) => answer.data ?? null);

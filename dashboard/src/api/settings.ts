// What the owner likes. Asked for once; the page that changes it has the answer.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { followHousehold } from "@/lib/texts/languages";
import { showTemperaturesIn } from "@/lib/units";
import { get, write } from "./client";
import type { components } from "./schema";

export type Settings = components["schemas"]["Settings"];
export type SettingsChange = components["schemas"]["SettingsChange"];

const PATH = "/api/v1/settings";
const KEY = ["settings"];

/** Figures are written in the chosen units from here on, and words in the chosen language. */
function adopt(settings: Settings): Settings {
  showTemperaturesIn(settings.temperature_unit);
  followHousehold(settings.language);
  return settings;
}

export function useSettings() {
  return useQuery({
    queryKey: KEY,
    queryFn: async ({ signal }) => adopt(await get<Settings>(PATH, signal)),
    staleTime: Infinity,
  });
}

export function useChangeSettings() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (change: SettingsChange) => write<Settings>("PATCH", PATH, change),
    onSuccess: (settings) => queries.setQueryData(KEY, adopt(settings)),
  });
}

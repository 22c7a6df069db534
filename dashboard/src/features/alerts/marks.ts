// Episodes as marks on the axis of time. Pure.
import type { Episode } from "@/api/types";
import type { Mark } from "@/ui/chart_paint";

const COLOURS = { info: "--calm", warning: "--warn", critical: "--bad" } as const;

export function marksOf(episodes: readonly Episode[]): Mark[] {
  return episodes.flatMap((episode): Mark[] => {
    const at_s = Date.parse(episode.since ?? episode.raised_at ?? "") / 1000;
    if (!Number.isFinite(at_s)) return [];
    const label = episode.detail ? `${episode.title}: ${episode.detail}` : episode.title;
    return [{ at_s, label, colour: episode.good_news ? "--good" : COLOURS[episode.severity] }];
  });
}

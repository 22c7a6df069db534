import { useMemo, useState } from "react";
import { useParams } from "wouter";
import { useEpisode } from "@/api/alerts";
import { useMiner } from "@/api/queries";
import type { Episode, Miner } from "@/api/types";
import { EpisodeView } from "@/features/alerts/EpisodeView";
import { marksOf } from "@/features/alerts/marks";
import { BeforeAfter } from "@/features/compare/BeforeAfter";
import { History } from "@/features/history/History";
import { Standing } from "@/features/monitor/Standing";
import { text } from "@/lib/texts";
import { EmptyState } from "@/ui/EmptyState";
import { LinkButton } from "@/ui/LinkButton";
import { Skeleton } from "@/ui/Skeleton";

export default function EpisodePage() {
  const { data, error } = useEpisode(Number(useParams().id));
  const minerId = data?.episode.miner_id ?? 0;
  const { data: miner } = useMiner(minerId);
  if (error) {
    return (
      <EmptyState
        mood="empty"
        title={text("alerts.notFound")}
        actions={<LinkButton to="/alerts">{text("alerts.back")}</LinkButton>}
      >
        {error.message}
      </EmptyState>
    );
  }
  if (!data) return <Skeleton height="20rem" />;
  return (
    <>
      <Standing page={data.episode.title} />
      <EpisodeView detail={data}>
        {miner && data.episode.rule === "settings_changed" && (
          <BeforeAfter miner={miner} at_ms={Date.parse(data.episode.since ?? "")} />
        )}
        {miner && <Around episode={data.episode} miner={miner} />}
      </EpisodeView>
    </>
  );
}

const BESIDE_MS = 3_600_000;

/** Which chart shows best what a rule is about. */
const CHARTS: Readonly<Partial<Record<Episode["rule"], string>>> = {
  chip_temp: "temperature",
  vr_temp: "temperature",
  overheated: "temperature",
  weak_wifi: "wifi",
  rejected_shares: "shares",
  stalled: "shares",
  error_rate: "errors",
  fan_stopped: "fan",
};

function Around({ episode, miner }: { episode: Episode; miner: Miner }) {
  const { since, raised_at, ended_at } = episode;
  const [opened_ms] = useState(() => Date.now());
  const around = useMemo(() => {
    const begin_ms = Date.parse(since ?? raised_at ?? "");
    const end_ms = ended_at === null ? opened_ms : Date.parse(ended_at);
    return { from_ms: begin_ms - BESIDE_MS, to_ms: Math.min(opened_ms, end_ms + BESIDE_MS) };
  }, [since, raised_at, ended_at, opened_ms]);
  const marks = useMemo(() => marksOf([episode]), [episode]);
  return (
    <History
      miner={miner}
      marks={marks}
      around={around}
      first={CHARTS[episode.rule] ?? "hashrate"}
    />
  );
}

import { useMemo } from "react";
import { useParams } from "wouter";
import { useEpisodes } from "@/api/alerts";
import { useMiner } from "@/api/queries";
import type { Miner } from "@/api/types";
import { Episodes } from "@/features/alerts/Episodes";
import { marksOf } from "@/features/alerts/marks";
import { text as alertText } from "@/features/alerts/texts";
import { History } from "@/features/history/History";
import { DeviceFacts } from "@/features/miner/DeviceFacts";
import { QuietBar } from "@/features/miner/QuietBar";
import { RawAnswer } from "@/features/miner/RawAnswer";
import { MinerDetail } from "@/features/miners/MinerDetail";
import { Standing } from "@/features/monitor/Standing";
import { text } from "@/lib/texts";
import type { Mood } from "@/lib/mood";
import { EmptyState } from "@/ui/EmptyState";
import { LinkButton } from "@/ui/LinkButton";
import { Skeleton } from "@/ui/Skeleton";

/** Where the miner's alerts are on this page. */
const ALERTS = "alerts";

export default function MinerPage() {
  const { data: miner, isError } = useMiner(Number(useParams().id));
  if (miner) {
    return (
      <>
        <Standing page={miner.name} />
        <MinerDetail miner={miner} above={<QuietBar miner={miner} alerts={ALERTS} />}>
          <WithMarks miner={miner} />
          <div id={ALERTS}>
            <Episodes
              filter={{ miner: miner.id }}
              title={alertText("alerts.ofMiner")}
              none={alertText("alerts.closed.none")}
            />
          </div>
          <DeviceFacts miner={miner} />
          <RawAnswer miner={miner} />
        </MinerDetail>
      </>
    );
  }
  if (miner === null)
    return <Missing mood="empty" title="miner.notFound.title" detail="miner.notFound.text" />;
  if (isError)
    return <Missing mood="trouble" title="summary.failed" detail="summary.failed.advice" />;
  return (
    <>
      <Standing />
      <div aria-busy="true" role="group" aria-label={text("miner.loading")}>
        <h1 className="visually-hidden">{text("miner.loading")}</h1>
        <Skeleton width="14rem" height="3rem" />
        <br />
        <Skeleton height="100vh" />
      </div>
    </>
  );
}

/** The charts, with what happened to this miner on their axis of time. */
function WithMarks({ miner }: { miner: Miner }) {
  const { data } = useEpisodes({ miner: miner.id });
  const marks = useMemo(() => marksOf(data ?? []), [data]);
  return <History miner={miner} marks={marks} />;
}

interface MissingProps {
  mood: Mood;
  title: "miner.notFound.title" | "summary.failed";
  detail: "miner.notFound.text" | "summary.failed.advice";
}

function Missing({ mood, title, detail }: MissingProps) {
  return (
    <>
      <Standing page={text(title)} />
      <EmptyState
        mood={mood}
        title={text(title)}
        actions={<LinkButton to="/">{text("app.home")}</LinkButton>}
      >
        {text(detail)}
      </EmptyState>
    </>
  );
}

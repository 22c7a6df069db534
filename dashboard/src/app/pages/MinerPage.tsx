import { useParams } from "wouter";
import { useMiner } from "@/api/queries";
import { History } from "@/features/history/History";
import { MinerDetail } from "@/features/miners/MinerDetail";
import { Standing } from "@/features/monitor/Standing";
import { text } from "@/lib/texts";
import type { Mood } from "@/lib/mood";
import { EmptyState } from "@/ui/EmptyState";
import { LinkButton } from "@/ui/LinkButton";
import { Skeleton } from "@/ui/Skeleton";

export default function MinerPage() {
  const { data: miner, isError } = useMiner(Number(useParams().id));
  if (miner) {
    return (
      <>
        <Standing page={miner.name} />
        <MinerDetail miner={miner}>
          <History miner={miner} />
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
        <Skeleton height="16rem" />
      </div>
    </>
  );
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

import { Link, useParams } from "react-router";
import { useMiner } from "@/api/queries";
import { History } from "@/features/history/History";
import { MinerDetail } from "@/features/miners/MinerDetail";
import { Standing } from "@/features/monitor/Standing";
import { text } from "@/lib/texts";
import { EmptyState } from "@/ui/EmptyState";
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
  if (miner === null) return <Missing title="miner.notFound.title" detail="miner.notFound.text" />;
  if (isError) return <Missing title="summary.failed" detail="summary.failed.advice" />;
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
  title: "miner.notFound.title" | "summary.failed";
  detail: "miner.notFound.text" | "summary.failed.advice";
}

function Missing({ title, detail }: MissingProps) {
  return (
    <>
      <Standing page={text(title)} />
      <EmptyState
        mood="trouble"
        title={text(title)}
        actions={<Link to="/">{text("app.home")}</Link>}
      >
        {text(detail)}
      </EmptyState>
    </>
  );
}

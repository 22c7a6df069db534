import { lazy, Suspense } from "react";
import { useMiners } from "@/api/queries";
import { FleetFigures } from "@/features/fleet/FleetFigures";
import { AddMinerPlace } from "@/features/miners/AddMinerPlace";
import { MinerList } from "@/features/miners/MinerList";
import { Standing } from "@/features/monitor/Standing";
import { SummaryHero } from "@/features/summary/SummaryHero";

const Welcome = lazy(() => import("@/features/miners/Welcome"));

export function HomePage() {
  const isEmpty = useMiners().data?.length === 0;
  return (
    <>
      <Standing />
      <SummaryHero />
      <FleetFigures />
      {isEmpty && (
        <Suspense fallback={null}>
          <Welcome />
        </Suspense>
      )}
      <MinerList />
      <AddMinerPlace />
    </>
  );
}

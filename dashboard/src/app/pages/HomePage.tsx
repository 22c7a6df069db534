import { lazy, Suspense } from "react";
import { useMiners } from "@/api/queries";
import { FleetFigures } from "@/features/fleet/FleetFigures";
import { AddMinerPlace } from "@/features/miners/AddMinerPlace";
import { MinerList } from "@/features/miners/MinerList";
import { Standing } from "@/features/monitor/Standing";
import { SummaryHero } from "@/features/summary/SummaryHero";

const SinceLastVisit = lazy(() => import("@/features/visit/SinceLastVisit"));
const Welcome = lazy(() => import("@/features/miners/Welcome"));

export function HomePage() {
  const { data } = useMiners();
  const isEmpty = data?.length === 0;
  return (
    <>
      <Standing />
      <SummaryHero />
      {data && (
        <Suspense fallback={null}>
          <SinceLastVisit />
        </Suspense>
      )}
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

import { FleetFigures } from "@/features/fleet/FleetFigures";
import { AddMinerPlace } from "@/features/miners/AddMinerPlace";
import { MinerList } from "@/features/miners/MinerList";
import { Welcome } from "@/features/miners/Welcome";
import { Standing } from "@/features/monitor/Standing";
import { SummaryHero } from "@/features/summary/SummaryHero";

export function HomePage() {
  return (
    <>
      <Standing />
      <SummaryHero />
      <FleetFigures />
      <Welcome />
      <MinerList />
      <AddMinerPlace />
    </>
  );
}

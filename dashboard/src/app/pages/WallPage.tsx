import { Standing } from "@/features/monitor/Standing";
import { Wall } from "@/features/wall/Wall";

export default function WallPage() {
  return (
    <main>
      <Standing />
      <Wall />
    </main>
  );
}

// What is wrong with the monitor itself, above everything else.
import { useConnection, useHealth, useHeard_ms } from "@/api/queries";
import type { HealthProblem } from "@/api/types";
import { text } from "@/lib/texts";
import { ago } from "@/lib/time";
import type { IconName } from "@/ui/Icon";
import { Note } from "@/ui/Note";
import { useNow } from "@/ui/useNow";
import styles from "./Banners.module.css";

export function Banners() {
  const lost = useConnection() === "lost";
  const problems = useHealth().data?.problems ?? [];
  if (!lost && problems.length === 0) return null;
  return (
    <div className={styles.banners}>
      {lost && <Lost />}
      {!lost && problems.map((problem) => <Problem key={problem.part} problem={problem} />)}
    </div>
  );
}

function Lost() {
  const heard_ms = useHeard_ms();
  const now_ms = useNow(1000);
  return (
    <Note tone="bad" icon="wifiOff" title={<span role="alert">{text("connection.lost")}</span>}>
      {heard_ms === null
        ? text("connection.lost.nothing")
        : text("connection.lost.known", { ago: ago(Math.max(0, now_ms - heard_ms) / 1000) })}
    </Note>
  );
}

const PARTS = {
  storage: { tone: "bad", icon: "disk", title: "health.title.storage" },
  telegram: { tone: "warn", icon: "info", title: "health.title.telegram" },
} as const satisfies Record<string, { tone: string; icon: IconName; title: string }>;

const OTHER = { tone: "warn", icon: "info", title: "health.title.other" } as const;

function Problem({ problem }: { problem: HealthProblem }) {
  const { tone, icon, title } =
    problem.part in PARTS ? PARTS[problem.part as keyof typeof PARTS] : OTHER;
  return (
    <Note tone={tone} icon={icon} title={text(title)} announced>
      <p>{problem.problem}</p>
      <p>{problem.advice}</p>
    </Note>
  );
}

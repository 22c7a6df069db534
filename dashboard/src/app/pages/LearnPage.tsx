import type { ComponentType } from "react";
import { Link, Redirect, useParams, useSearchParams } from "wouter";
import { useMiners } from "@/api/queries";
import { Costs } from "@/features/learn/Costs";
import { Glossary } from "@/features/learn/Glossary";
import { HowItWorks } from "@/features/learn/HowItWorks";
import { Odds } from "@/features/learn/Odds";
import { Records } from "@/features/learn/Records";
import { text } from "@/features/learn/texts";
import { Standing } from "@/features/monitor/Standing";
import type { TextKey } from "@/lib/texts";
import { Select } from "@/ui/Select";
import styles from "./LearnPage.module.css";

interface Part {
  path: string;
  title: TextKey;
  View: ComponentType<{ miner: number | null }>;
  /** Speaks of all miners, or of one. */
  perMiner: boolean;
}

const PARTS: readonly Part[] = [
  { path: "", title: "learn.how", View: HowItWorks, perMiner: false },
  { path: "odds", title: "learn.odds", View: Odds, perMiner: true },
  { path: "records", title: "learn.records", View: Records, perMiner: true },
  { path: "costs", title: "learn.costs", View: Costs, perMiner: true },
  { path: "glossary", title: "learn.words", View: Glossary, perMiner: false },
];

export default function LearnPage() {
  const { part = "" } = useParams();
  const [params, setParams] = useSearchParams();
  const { data: miners = [] } = useMiners();
  const here = PARTS.find(({ path }) => path === part);
  if (!here) return <Redirect to="/learn" replace />;
  const miner = miners.find(({ id }) => String(id) === params.get("miner")) ?? null;
  const query = here.perMiner && miner ? `?miner=${miner.id}` : "";
  return (
    <>
      <Standing page={text(here.title)} />
      <div className={styles.head}>
        <h1 className={styles.title}>{text(here.path === "" ? "learn.title" : here.title)}</h1>
        {here.perMiner && miners.length > 1 && (
          <Select
            label={text("learn.of")}
            value={miner ? String(miner.id) : ""}
            options={[
              { value: "", label: text("learn.of.all") },
              ...miners.map(({ id, name }) => ({ value: String(id), label: name })),
            ]}
            onChange={(id) => setParams(id === "" ? {} : { miner: id }, { replace: true })}
          />
        )}
      </div>
      <nav aria-label={text("learn.parts")} className={styles.parts}>
        {PARTS.map(({ path, title, perMiner }) => (
          <Link
            key={path}
            to={`/learn${path && `/${path}`}${perMiner ? query : ""}`}
            className={styles.part}
            aria-current={path === here.path ? "page" : undefined}
          >
            {text(title)}
          </Link>
        ))}
      </nav>
      <here.View miner={miner?.id ?? null} />
    </>
  );
}

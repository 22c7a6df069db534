import { Link, useSearchParams } from "wouter";
import { useMiners } from "@/api/queries";
import { Rules } from "@/features/alerts/Rules";
import { text } from "@/features/alerts/texts";
import { Standing } from "@/features/monitor/Standing";
import { Icon } from "@/ui/Icon";
import { Select } from "@/ui/Select";
import styles from "./AlertsPage.module.css";

export default function RulesPage() {
  const [params, setParams] = useSearchParams();
  const { data: miners = [] } = useMiners();
  const chosen = miners.find((miner) => String(miner.id) === params.get("miner")) ?? null;
  const choose = (value: string): void =>
    setParams(value === "" ? {} : { miner: value }, { replace: true });
  return (
    <>
      <Standing page={text("rules.title")} />
      <Link to="/alerts" className={styles.way}>
        <Icon name="back" />
        {text("alerts.back")}
      </Link>
      <div className={styles.head}>
        <h1 className={styles.title}>{text("rules.title")}</h1>
        <Select
          label={text("rules.of")}
          value={chosen ? String(chosen.id) : ""}
          options={[
            { value: "", label: text("rules.ofAll") },
            ...miners.map((miner) => ({ value: String(miner.id), label: miner.name })),
          ]}
          onChange={choose}
        />
      </div>
      <p className={styles.lead}>{text(chosen ? "rules.lead.one" : "rules.lead.all")}</p>
      <Rules key={chosen?.id ?? 0} miner={chosen?.id ?? null} />
    </>
  );
}

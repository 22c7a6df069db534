import { Link } from "wouter";
import { DrillPlace } from "@/features/alerts/DrillPlace";
import { Episodes } from "@/features/alerts/Episodes";
import { Mutes } from "@/features/alerts/Mutes";
import { text } from "@/features/alerts/texts";
import { Standing } from "@/features/monitor/Standing";
import { Icon } from "@/ui/Icon";
import styles from "./AlertsPage.module.css";

const OPEN = { state: "open" } as const;
const CLOSED = { state: "closed" } as const;

export default function AlertsPage() {
  return (
    <>
      <Standing page={text("nav.alerts")} />
      <div className={styles.head}>
        <h1 className={styles.title}>{text("nav.alerts")}</h1>
        <nav className={styles.ways} aria-label={text("nav.alerts")}>
          <Link to="/alerts/channels" className={styles.way}>
            <Icon name="people" />
            {text("alerts.channels")}
          </Link>
          <Link to="/alerts/rules" className={styles.way}>
            <Icon name="wrench" />
            {text("rules.title")}
          </Link>
        </nav>
      </div>
      <Mutes />
      <Episodes filter={OPEN} title={text("alerts.open")} none={text("alerts.open.none")} />
      <Episodes filter={CLOSED} title={text("alerts.closed")} none={text("alerts.closed.none")} />
      <DrillPlace />
    </>
  );
}

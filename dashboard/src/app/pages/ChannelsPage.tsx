import { Link } from "wouter";
import { text as alertText } from "@/features/alerts/texts";
import { Channels } from "@/features/channels/Channels";
import { text } from "@/features/channels/texts";
import { Standing } from "@/features/monitor/Standing";
import { Icon } from "@/ui/Icon";
import styles from "./AlertsPage.module.css";

export default function ChannelsPage() {
  return (
    <>
      <Standing page={text("channels.title")} />
      <Link to="/alerts" className={styles.way}>
        <Icon name="back" />
        {alertText("alerts.back")}
      </Link>
      <h1 className={styles.title}>{text("channels.title")}</h1>
      <Channels />
    </>
  );
}

// What this is, whose work is in it, and where a person turns to.
import { useHealth } from "@/api/queries";
import { Fact } from "./Data";
import styles from "./Setup.module.css";
import { text } from "./texts";

export function About() {
  const version = useHealth().data?.version;
  return (
    <>
      <dl className={styles.facts}>
        {version && <Fact name={text("about.version")} value={version} />}
        <Fact name={text("about.licence")} value="MIT" />
      </dl>
      <p className={styles.actions}>
        <a href="/licenses.txt">{text("about.licences")}</a>
        <a href="/docs">{text("about.api")}</a>
      </p>
      <p className={styles.text}>{text("about.support.text")}</p>
      <p className={styles.actions}>
        <a href="/api/v1/support" download="bitaxe-monitor-support.json">
          {text("about.support")}
        </a>
      </p>
      <p className={styles.text}>{text("about.account")}</p>
    </>
  );
}

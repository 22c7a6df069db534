import type { ReactNode } from "react";
import { Link } from "wouter";
import { useSettings } from "@/api/settings";
import { Standing } from "@/features/monitor/Standing";
import { About } from "@/features/setup/About";
import { Data } from "@/features/setup/Data";
import { Electricity } from "@/features/setup/Electricity";
import { Preferences, SiteName } from "@/features/setup/Preferences";
import styles from "@/features/setup/Setup.module.css";
import { Telegram } from "@/features/setup/Telegram";
import { text } from "@/features/setup/texts";
import { LinkButton } from "@/ui/LinkButton";
import { Note } from "@/ui/Note";
import { Skeleton } from "@/ui/Skeleton";

export default function SettingsPage() {
  const { data: settings, error } = useSettings();
  return (
    <div className={styles.page}>
      <Standing page={text("nav.settings")} />
      <h1 className={styles.title}>{text("nav.settings")}</h1>
      {error && <Note tone="bad" icon="info" title={error.message} />}
      <div className={styles.parts}>
        <Part title={text("settings.look")}>
          {settings ? (
            <>
              <Preferences settings={settings} />
              <SiteName settings={settings} />
            </>
          ) : (
            <Skeleton height="10rem" />
          )}
        </Part>
        <Part title={text("settings.electricity")}>
          {settings ? <Electricity settings={settings} /> : <Skeleton height="10rem" />}
        </Part>
        <Part title={text("settings.telegram")}>
          <Telegram />
        </Part>
        <Part title={text("settings.data")}>
          <Data />
        </Part>
        <Part title={text("settings.miners")}>
          <p className={styles.text}>{text("settings.miners.text")}</p>
          <div className={styles.actions}>
            <LinkButton to="/welcome?step=find">{text("begin.find")}</LinkButton>
            <Link to="/welcome">{text("settings.guide")}</Link>
          </div>
        </Part>
        <Part title={text("settings.about")}>
          <About />
        </Part>
      </div>
    </div>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={styles.part} aria-label={title}>
      <h2 className={styles.partTitle}>{title}</h2>
      {children}
    </section>
  );
}

// The foot of every page: how the page hears from the monitor, appearance, and the ways out.
import { useConnection, useHealth } from "@/api/queries";
import type { Connection } from "@/api/types";
import { text } from "@/lib/texts";
import { classes } from "@/ui/classes";
import { Icon, type IconName } from "@/ui/Icon";
import { Segmented } from "@/ui/Segmented";
import { LanguageChoice } from "@/ui/LanguageChoice";
import { chooseTheme, THEMES, useTheme, type Theme } from "@/ui/theme";
import styles from "./Footer.module.css";

const HEARING = {
  live: "connection.live",
  polling: "connection.polling",
  connecting: "connection.connecting",
  lost: "connection.off",
} as const satisfies Record<Connection["state"], string>;

const THEME_ICONS: Record<Theme, IconName> = { light: "sun", dark: "moon", system: "screen" };

export function Footer() {
  const state = useConnection();
  const version = useHealth().data?.version;
  return (
    <footer className={styles.footer}>
      <p className={styles.hearing}>
        <span className={classes(styles.dot, styles[state])} aria-hidden="true" />
        {text(HEARING[state])}
      </p>
      <p className={styles.links}>
        {version && <span>{text("app.version", { version })}</span>}
        <a href="/docs">{text("app.docs")}</a>
        <a href="/metrics">{text("app.metrics")}</a>
      </p>
      <LanguageChoice />
      <Segmented
        legend={text("app.theme")}
        value={useTheme()}
        onChange={chooseTheme}
        options={THEMES.map((theme) => ({
          value: theme,
          label: <Icon name={THEME_ICONS[theme]} />,
          name: text(`app.theme.${theme}`),
        }))}
      />
    </footer>
  );
}

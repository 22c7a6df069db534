// What stands around every page but the wall.
import { lazy, Suspense, useEffect, useRef, type ReactNode } from "react";
import { Link, useLocation } from "wouter";
import { useOpenAlerts, useSummary } from "@/api/queries";
import { useSettings } from "@/api/settings";
import { Banners } from "@/features/monitor/Banners";
import { Footer } from "@/features/monitor/Footer";
import { text } from "@/lib/texts";
import { Face } from "@/ui/Face";
import { Icon } from "@/ui/Icon";
import styles from "./Layout.module.css";
import { PLACES } from "./nav";
import { useHelpKey } from "./useHelpKey";

const KeyHelp = lazy(() => import("./KeyHelp"));

export function Layout({ children }: { children: ReactNode }) {
  const main = useFocusOnNewPage();
  const [help, endHelp] = useHelpKey();
  const site = useSettings().data?.site_name;
  const mood = useSummary().data?.mood ?? "fine";
  return (
    <div className={styles.layout}>
      <a href="#main" className={styles.skip}>
        {text("app.skip")}
      </a>
      <header className={styles.head}>
        <Link to="/" className={styles.brand}>
          <Face mood={mood} size={30} />
          {site ?? text("app.name")}
        </Link>
        <Nav />
      </header>
      <main id="main" ref={main} tabIndex={-1} className={styles.main}>
        <Banners />
        {children}
      </main>
      <Footer />
      {help && (
        <Suspense fallback={null}>
          <KeyHelp onClose={endHelp} />
        </Suspense>
      )}
    </div>
  );
}

function Nav() {
  const [pathname] = useLocation();
  return (
    <nav className={styles.nav} aria-label={text("nav.title")}>
      {PLACES.map((place) => (
        <Link
          key={place.to}
          to={place.to}
          className={styles.place}
          aria-current={place.isHere(pathname) ? "page" : undefined}
        >
          <Icon name={place.icon} />
          <span>{text(place.title)}</span>
          {place.countsAlerts && <OpenAlerts />}
        </Link>
      ))}
    </nav>
  );
}

/** Enough to say that it is a lot, and narrow enough for a phone. */
const SHOWN_MOST = 99;

function OpenAlerts() {
  const count = useOpenAlerts();
  if (count === 0) return null;
  return (
    <span className={styles.badge}>
      <span aria-hidden="true">{count > SHOWN_MOST ? `${SHOWN_MOST}+` : count}</span>
      <span className="visually-hidden">{text("nav.alerts.open", { count })}</span>
    </span>
  );
}

/** A new page begins at its top, for the eye and for a screen reader. */
function useFocusOnNewPage() {
  const main = useRef<HTMLElement>(null);
  const [pathname] = useLocation();
  const previous = useRef(pathname);
  useEffect(() => {
    if (previous.current === pathname) return;
    previous.current = pathname;
    window.scrollTo(0, 0);
    main.current?.focus({ preventScroll: true });
  }, [pathname]);
  return main;
}

// The appearance that was chosen. It lives in the browser's storage and on the root element;
// public/theme.js sets it before the first paint.
import { useSyncExternalStore } from "react";

export const THEMES = ["light", "dark", "system"] as const;
export type Theme = (typeof THEMES)[number];

const dark = (): MediaQueryList => window.matchMedia("(prefers-color-scheme: dark)");

function chosen(): Theme {
  const theme = document.documentElement.dataset.theme;
  return theme === "light" || theme === "dark" ? theme : "system";
}

export function chooseTheme(theme: Theme): void {
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  try {
    localStorage.setItem("theme", theme);
  } catch {
    // Without storage the choice lasts until the page is closed.
  }
}

function subscribe(changed: () => void): () => void {
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  const system = dark();
  system.addEventListener("change", changed);
  return () => {
    observer.disconnect();
    system.removeEventListener("change", changed);
  };
}

export function useTheme(): Theme {
  return useSyncExternalStore(subscribe, chosen);
}

/** Whether the page is dark now, whoever decided that: for what is painted on a canvas. */
export function useIsDark(): boolean {
  return useSyncExternalStore(subscribe, () =>
    chosen() === "system" ? dark().matches : chosen() === "dark",
  );
}

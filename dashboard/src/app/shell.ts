// Registers the service worker, which lets the page open while the monitor is away. Browsers
// allow one only over HTTPS and on localhost; elsewhere the page works without.

export function registerShell(): void {
  if (!import.meta.env.PROD || !("serviceWorker" in navigator)) return;
  const register = (): void => {
    navigator.serviceWorker.register("/sw.js").catch(() => {
      // A browser that refuses (a private window) loses nothing but the offline page.
    });
  };
  // What it fetches waits until the page has what it needs.
  if (document.readyState === "complete") register();
  else window.addEventListener("load", register);
}

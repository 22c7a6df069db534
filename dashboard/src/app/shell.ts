// Registers the service worker, which lets the page open while the monitor is away. Browsers
// allow one only over HTTPS and on localhost; elsewhere the page works without.

export function registerShell(): void {
  if (!import.meta.env.PROD || !("serviceWorker" in navigator)) return;
  window.addEventListener("load", () => {
    navigator.serviceWorker.register("/sw.js").catch(() => {
      // A browser that refuses (a private window) loses nothing but the offline page.
    });
  });
}

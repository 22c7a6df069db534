// What a browser runs first, and it is little: index.html is painted before the page itself, which
// is fetched meanwhile (vite.config.ts), takes the processor. The monitor is asked meanwhile, too.
import { openEarly } from "@/api/early";

/** A browser that does not tell when it paints has done so by then. */
const PAINTED_AFTER_MS = 3000;

/** When something of index.html is to be seen; at once where nobody looks. */
function painted(): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => resolve();
    if (document.visibilityState === "hidden") done();
    setTimeout(done, PAINTED_AFTER_MS);
    document.addEventListener("visibilitychange", done, { once: true });
    // The first paint may be of the page's colour alone.
    new PerformanceObserver((paints) => {
      if (paints.getEntriesByName("first-contentful-paint").length > 0) done();
    }).observe({ type: "paint", buffered: true });
  });
}

openEarly();
void painted().then(() => import("./main"));

// Lets the page open while the monitor, or the network, is away: it keeps the files of the page
// (never what the monitor says, which the page itself remembers, with its age). The build puts
// the list of files and their fingerprint in place of the two lines below.
const VERSION = "@version@";
const FILES = ["@files@"];

const NAME = `shell-${VERSION}`;

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches
      .open(NAME)
      .then((cache) => cache.addAll(FILES))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => {
  const tidy = async () => {
    const names = await caches.keys();
    await Promise.all(
      names
        .filter((name) => name.startsWith("shell-") && name !== NAME)
        .map((name) => caches.delete(name)),
    );
    await self.clients.claim();
  };
  event.waitUntil(tidy());
});

/** The page from the monitor while it answers, so that an update is seen at once. */
async function page(request) {
  try {
    return await fetch(request);
  } catch (error) {
    const kept = await caches.match("/", { cacheName: NAME });
    if (kept) return kept;
    throw error;
  }
}

async function file(request) {
  return (await caches.match(request, { cacheName: NAME })) ?? fetch(request);
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  const own = !/^\/(api|docs|metrics|openapi\.json)(\/|$)/.test(url.pathname);
  if (request.mode === "navigate" && own) event.respondWith(page(request));
  else if (FILES.includes(url.pathname)) event.respondWith(file(request));
});

// Writes dist/sw.js: the service worker with the list of what it keeps, and a fingerprint of it
// all, so that a new build is a new worker.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

const dist = path.join(import.meta.dirname, "../dist");
const template = readFileSync(path.join(import.meta.dirname, "../shell/sw.js"), "utf8");

function filesIn(folder) {
  return readdirSync(path.join(dist, folder), { withFileTypes: true }).flatMap((entry) => {
    const name = path.posix.join(folder, entry.name);
    return entry.isDirectory() ? filesIn(name) : [name];
  });
}

const files = [
  "index.html",
  "theme.js",
  "manifest.webmanifest",
  ...filesIn("icons"),
  ...filesIn("assets"),
].sort();
const fingerprint = createHash("sha256");
for (const name of files) fingerprint.update(name).update(readFileSync(path.join(dist, name)));

const kept = files.map((name) => (name === "index.html" ? "/" : `/${name}`));
const worker = template
  .replace('"@version@"', JSON.stringify(fingerprint.digest("hex").slice(0, 16)))
  .replace('["@files@"]', JSON.stringify(kept));
if (worker.includes("@files@") || worker.includes("@version@"))
  throw new Error("shell/sw.js has not the two lines that are filled in");
writeFileSync(path.join(dist, "sw.js"), worker);

// Compresses what is built, once, as hard as it goes: the monitor sends the .br or .gz beside a
// file to whoever takes it. Then says how heavy the home page is, and fails when it is too heavy.
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const dist = path.join(import.meta.dirname, "../dist");
const COMPRESSIBLE = /\.(html|js|css|svg|json|webmanifest|txt)$/;
const HOME_LIMIT_KB = 120;
/** Below this a compressed copy saves no packet. */
const LEAST_BYTES = 512;

function filesIn(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const full = path.join(folder, entry.name);
    return entry.isDirectory() ? filesIn(full) : [full];
  });
}

function brotli(data) {
  return brotliCompressSync(data, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
      [constants.BROTLI_PARAM_SIZE_HINT]: data.length,
    },
  });
}

for (const file of filesIn(dist).filter((name) => COMPRESSIBLE.test(name))) {
  const data = readFileSync(file);
  if (data.length < LEAST_BYTES) continue;
  writeFileSync(`${file}.br`, brotli(data));
  writeFileSync(`${file}.gz`, gzipSync(data, { level: 9 }));
}

/** The scripts that index.html itself asks for, with what they import at once. */
const html = readFileSync(path.join(dist, "index.html"), "utf8");
const scripts = [...html.matchAll(/(?:src|href)="(\/[^"]+\.js)"/g)].map((match) => match[1]);
const size = (suffix) =>
  scripts.reduce((sum, name) => {
    const file = path.join(dist, name);
    const packed = statSync(file + suffix, { throwIfNoEntry: false }) ?? statSync(file);
    return sum + packed.size;
  }, 0) / 1024;

console.log(
  `home page: ${size(".br").toFixed(1)} KB of JavaScript with brotli, ${size(".gz").toFixed(1)} KB with gzip`,
);
if (size(".gz") > HOME_LIMIT_KB) {
  console.error(`that is more than ${HOME_LIMIT_KB} KB: load something later`);
  process.exit(1);
}

// Adds to dist/licenses.txt what Vite does not know of: the font and the API page.
import { appendFileSync, readFileSync } from "node:fs";
import path from "node:path";

const modules = path.join(import.meta.dirname, "../node_modules");
const target = path.join(import.meta.dirname, "../dist/licenses.txt");

const OTHERS = [
  ["Figtree (the font)", "@fontsource-variable/figtree/LICENSE"],
  ["Swagger UI", "swagger-ui-dist/LICENSE"],
  ["Swagger UI: notice", "swagger-ui-dist/NOTICE"],
  ["Swagger UI: what is bundled with it", "swagger-ui-dist/swagger-ui-bundle.js.LICENSE.txt"],
];

for (const [title, file] of OTHERS) {
  appendFileSync(target, `\n## ${title}\n\n${readFileSync(path.join(modules, file), "utf8")}\n`);
}

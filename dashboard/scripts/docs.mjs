// Puts the interactive API page into dist/docs: Swagger UI's own files and ours around them.
import { cpSync, mkdirSync } from "node:fs";
import path from "node:path";

const root = path.join(import.meta.dirname, "..");
const target = path.join(root, "dist/docs");
const swagger = path.join(root, "node_modules/swagger-ui-dist");

mkdirSync(target, { recursive: true });
for (const name of ["swagger-ui.css", "swagger-ui-bundle.js"]) {
  cpSync(path.join(swagger, name), path.join(target, name));
}
for (const name of ["index.html", "init.js", "docs.css"]) {
  cpSync(path.join(root, "docs", name), path.join(target, name));
}

// The direction of imports, as a lint error: lib -> api, ui -> features/<noun> -> app.
// A file may import from its own folder and from those listed here; a feature sees no
// other feature. The C side has the same rule (tools/check_floors).
import path from "node:path";

const ALLOWED = {
  lib: [],
  api: ["lib"],
  ui: ["lib"],
  features: ["lib", "api", "ui"],
  app: ["lib", "api", "ui", "features"],
};

/** "src/features/miners/x.tsx" -> { floor: "features", noun: "miners" }; null outside src. */
function placeOf(file) {
  const match = /(?:^|\/)src\/([^/]+)(?:\/([^/]+))?/.exec(file.replaceAll("\\", "/"));
  if (!match || !(match[1] in ALLOWED)) return null;
  return { floor: match[1], noun: match[1] === "features" ? match[2] : "" };
}

function resolve(from, specifier) {
  if (specifier.startsWith("@/")) return `src/${specifier.slice(2)}`;
  if (specifier.startsWith(".")) return path.resolve(path.dirname(from), specifier);
  return null;
}

function isAllowed(from, to) {
  if (from.floor === to.floor) return from.noun === to.noun;
  return ALLOWED[from.floor].includes(to.floor);
}

export const floors = {
  meta: { type: "problem", schema: [] },
  create(context) {
    const from = placeOf(context.filename);
    if (!from) return {};
    const check = (node) => {
      if (typeof node.source?.value !== "string") return;
      const target = resolve(context.filename, node.source.value);
      const to = target && placeOf(target);
      if (to && !isAllowed(from, to)) {
        const name = (place) => [place.floor, place.noun].filter(Boolean).join("/");
        context.report({ node, message: `${name(from)} may not import from ${name(to)}` });
      }
    };
    return {
      ImportDeclaration: check,
      ImportExpression: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
    };
  },
};

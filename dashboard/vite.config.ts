import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

const monitor = process.env.MONITOR_URL ?? "http://127.0.0.1:8000";

const FONT = /figtree-latin-wght.*\.woff2$/;

const link = (attrs: Record<string, string>) =>
  ({ tag: "link", attrs: { ...attrs, crossorigin: true }, injectTo: "head" }) as const;

/** index.html asks for the page's own script, style and letters itself: they come while first.ts
 * waits, the script after what the first paint needs. */
const askForMain: Plugin = {
  name: "ask-for-main",
  transformIndexHtml: {
    order: "post",
    handler(html, { bundle = {} }) {
      const files = Object.keys(bundle);
      const main = Object.values(bundle).find(({ name }) => name === "main");
      if (main?.type !== "chunk") return [];
      const styles = [...(main.viteMetadata?.importedCss ?? [])];
      const scripts = [main.fileName, ...main.imports].filter((file) => !html.includes(file));
      return [
        ...styles.map((file) => link({ rel: "stylesheet", href: `/${file}` })),
        ...scripts.map((file) =>
          link({ rel: "modulepreload", fetchpriority: "low", href: `/${file}` }),
        ),
        ...files
          .filter((file) => FONT.test(file))
          .map((file) =>
            link({ rel: "preload", as: "font", type: "font/woff2", href: `/${file}` }),
          ),
      ];
    },
  },
};

export default defineConfig({
  plugins: [react(), askForMain],
  resolve: {
    alias: {
      "@": fileURLToPath(new URL("./src", import.meta.url)),
      "@texts": fileURLToPath(new URL("../texts", import.meta.url)),
      // React has had it for years; wouter brings it for those that came before.
      "use-sync-external-store/shim/index.js": "react",
    },
  },
  build: {
    target: "es2022",
    // What the licences of the packages inside ask for.
    license: { fileName: "licenses.txt" },
    // Data URLs would need a wider Content-Security-Policy.
    assetsInlineLimit: 0,
    // The polyfill is for browsers older than the build target.
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        codeSplitting: {
          // What the page needs at once is one file, with all it imports: over HTTP/1.1 a file
          // more is a round trip more. What it needs later is split by who imports it.
          groups: [
            { name: "first", test: /\/src\/app\/first\.ts$/, priority: 2 },
            { name: "main", test: /\/src\/app\/main\.tsx$/, priority: 1 },
          ],
        },
      },
    },
  },
  server: { proxy: { "/api": monitor, "/docs": monitor, "/openapi.json": monitor } },
  test: { include: ["src/**/*.test.ts", "src/**/*.test.tsx"], environment: "node" },
});

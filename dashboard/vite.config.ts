import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const monitor = process.env.MONITOR_URL ?? "http://127.0.0.1:8000";

export default defineConfig({
  plugins: [react()],
  resolve: {
    alias: {
      "@": fileURLToPath(new URL("./src", import.meta.url)),
      "@texts": fileURLToPath(new URL("../texts", import.meta.url)),
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
  },
  server: { proxy: { "/api": monitor, "/docs": monitor, "/openapi.json": monitor } },
  test: { include: ["src/**/*.test.ts", "src/**/*.test.tsx"], environment: "node" },
});

import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

/** The server that `npm run dev` hands requests on to. */
const server = process.env["DIORAMA_SERVER"] ?? "http://127.0.0.1:8321";

export default defineConfig({
  plugins: [react()],
  // From the root, since the page has addresses of several parts.
  base: "/",
  build: {
    outDir: "../engine/diorama/editor",
    emptyOutDir: true,
    target: "es2023",
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 3000,
    rolldownOptions: { input: { index: "index.html", share: "share.html" } },
  },
  worker: { format: "es" },
  server: { proxy: { "/api": { target: server, ws: true } } },
  test: { include: ["tests/**/*.test.ts", "tests/**/*.test.tsx"], environment: "node", reporters: [["default", { summary: false }]] },
});

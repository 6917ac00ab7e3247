import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";
import { CONTENT_SECURITY_POLICY } from "./tests/policy.ts";

/** The mode `browser` runs the UI in a plain browser; every other mode is for the app's window. */
export default defineConfig(({ mode }) => ({
  plugins: [svelte()],
  define: { __IN_BROWSER__: JSON.stringify(mode === "browser") },
  build: {
    outDir: mode === "browser" ? "dist-browser" : "dist",
    // The oldest web views that know light-dark() and oklch(): the tokens need both.
    target: ["safari17.5", "chrome123"],
    modulePreload: { polyfill: false },
    // Nothing is inlined: data: addresses are for the account's picture alone.
    assetsInlineLimit: 0,
  },
  server: { port: 5173, strictPort: true },
  preview: { headers: { "Content-Security-Policy": CONTENT_SECURITY_POLICY } },
  test: {
    projects: [
      { extends: true, test: { name: "unit", include: ["src/**/*.test.ts", "tests/*.test.ts"], environment: "node" } },
      {
        extends: true,
        test: {
          name: "screens",
          include: ["tests/screens/*.test.ts"],
          environment: "node",
          testTimeout: 60_000,
          hookTimeout: 60_000,
          // Each file has a browser of its own; more of them than that wait for each other.
          maxWorkers: 2,
        },
      },
    ],
  },
}));

import { join } from "node:path";
import { chromium, type Browser, type Page } from "playwright-core";
import { preview, type PreviewServer } from "vite";

const noon = new Date(2026, 10, 22, 12);
const root = join(import.meta.dirname, "../..");

/** The built UI behind the app's own policy, and a browser to look at it. */
export interface Stand {
  open(look?: Look): Promise<Sight>;
  close(): Promise<void>;
}

export interface Look {
  theme?: "light" | "dark";
  width?: number;
  /** Stops the page's clock: it moves only when a test moves it. */
  stopped?: boolean;
  /** Freezes prototypes as Tauri's `freezePrototype` does, and more of them. */
  frozen?: boolean;
}

/** A page, and everything that went wrong in it. */
export interface Sight {
  page: Page;
  faults: string[];
  /** Shows a named state of the browser backend, from a fresh start. */
  show(state: string): Promise<void>;
}

export async function stand(): Promise<Stand> {
  const server: PreviewServer = await preview({ root, mode: "browser", logLevel: "error", preview: { port: 0, host: "127.0.0.1" } });
  const address = server.resolvedUrls?.local[0];
  if (!address) throw new Error("the preview has no address");
  const browser: Browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    // Chromium keeps its sandbox unless it runs as root, where it has none.
    chromiumSandbox: process.getuid?.() !== 0,
  });
  return {
    open: (look) => open(browser, address, look),
    async close() {
      await browser.close();
      await server.close();
    },
  };
}

async function open(browser: Browser, address: string, { theme = "light", width = 960, stopped = false, frozen = false }: Look = {}): Promise<Sight> {
  const context = await browser.newContext({ viewport: { width, height: 680 }, colorScheme: theme, locale: "en-GB", reducedMotion: "reduce" });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(`error: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") faults.push(`console: ${message.text()}`);
  });
  page.on("dialog", (dialog) => faults.push(`dialog: ${dialog.message()}`));
  page.on("request", (request) => {
    if (!request.url().startsWith(address) && !request.url().startsWith("data:")) faults.push(`request: ${request.url()}`);
  });
  if (stopped) {
    await page.clock.install({ time: noon.getTime() - 3_600_000 });
    await page.clock.pauseAt(noon);
  }
  if (frozen) {
    await page.addInitScript(() => {
      for (const one of [Object, Array, Function, String, Promise, Element, Node, Text, EventTarget]) Object.freeze(one.prototype);
    });
  }
  return {
    page,
    faults,
    async show(state) {
      await page.goto("about:blank");
      await page.goto(`${address}#${state}`);
      await page.locator("h1").first().waitFor({ state: "attached" });
    },
  };
}

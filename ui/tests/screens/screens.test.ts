import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { states } from "../../src/lib/backend/browser/states";
import { stand, type Sight, type Stand } from "./browser";
import { clipped, sideways } from "./looks";

/** A screen: a state, and what to do to get from there to what is looked at. */
interface Screen {
  name: string;
  state: string;
  reach?: (page: Page) => Promise<void>;
}

const tab = (name: "api" | "tokens" | "flow") => (page: Page) => page.getByTestId(`tab-${name}`).click();

async function send(page: Page, path: string) {
  await tab("api")(page);
  await page.getByTestId("api-path").fill(path);
  await page.getByTestId("api-send").click();
  await page.locator('[data-testid="api-status"], [data-testid="api-problem"]').waitFor();
}

/** Asks for a large answer, and may go to its end. */
async function sendLarge(page: Page, path: string, end = false) {
  await send(page, path);
  const body = page.getByTestId("api-body");
  await page.locator('[data-testid="api-body"][aria-busy="false"]').waitFor();
  if (end) await body.evaluate((one) => one.scrollTo(0, one.scrollHeight));
}

async function tokens(page: Page, token: "id" | "access") {
  await tab("tokens")(page);
  await page.getByTestId(`token-${token}`).click();
  await page.getByTestId("tokens-verdict").waitFor();
}

const paste = (text: string) => async (page: Page) => {
  await page.getByTestId("paste-field").fill(text);
  await page.getByTestId("paste").click();
  await page.getByTestId("paste-problem").filter({ hasText: "." }).waitFor();
};

const screens: Screen[] = [
  ...Object.keys(states).map((state) => ({ name: state, state })),
  { name: "waiting-help", state: "waiting", reach: (page) => page.getByTestId("stuck").locator("summary").click() },
  { name: "waiting-link-help", state: "waiting-link", reach: (page) => page.getByTestId("stuck").locator("summary").click() },
  { name: "waiting-stray", state: "waiting-long", reach: paste("https://login.example.com/") },
  { name: "api-signed-out", state: "signed-out", reach: tab("api") },
  { name: "api-waiting", state: "waiting", reach: tab("api") },
  { name: "api", state: "signed-in", reach: tab("api") },
  { name: "api-answer", state: "signed-in", reach: (page) => send(page, "/api/me") },
  {
    name: "api-running",
    state: "signed-in",
    async reach(page) {
      await tab("api")(page);
      await page.getByTestId("api-path").fill("/silent");
      await page.getByTestId("api-send").click();
      await page.getByTestId("api-cancel").waitFor();
    },
  },
  { name: "api-forbidden", state: "signed-in", reach: (page) => send(page, "/forbidden") },
  { name: "api-offline", state: "signed-in", reach: (page) => send(page, "/offline") },
  { name: "api-binary", state: "signed-in", reach: (page) => send(page, "/binary") },
  { name: "api-empty", state: "signed-in", reach: (page) => send(page, "/empty") },
  { name: "api-text", state: "signed-in", reach: (page) => send(page, "/text") },
  { name: "api-large", state: "signed-in", reach: (page) => sendLarge(page, "/large") },
  { name: "api-large-end", state: "signed-in", reach: (page) => sendLarge(page, "/large", true) },
  { name: "api-line", state: "signed-in", reach: (page) => sendLarge(page, "/line") },
  { name: "api-calls", state: "signed-in-long", reach: tab("api") },
  {
    name: "api-forgetting",
    state: "signed-in-long",
    async reach(page) {
      await tab("api")(page);
      await page.getByTestId("calls-forget").click();
      await page.getByTestId("calls-forgetting").waitFor();
    },
  },
  {
    name: "api-call-stripped",
    state: "signed-in-long",
    async reach(page) {
      await tab("api")(page);
      await page.getByTestId("call-48").click();
      await page.getByTestId("api-stripped").waitFor();
    },
  },
  { name: "api-calls-answer", state: "signed-in-long", reach: (page) => send(page, "/api/v1/projects") },
  { name: "api-locked", state: "locked", reach: tab("api") },
  { name: "api-hostile", state: "hostile", reach: (page) => send(page, "/hostile") },
  {
    name: "api-wrong-header",
    state: "signed-in",
    async reach(page) {
      await tab("api")(page);
      await page.getByTestId("api-template").selectOption("Start an execution");
      await page.locator("summary").click();
      await page.getByTestId("api-headers").fill("no colon");
    },
  },
  {
    name: "api-answer-headers",
    state: "signed-in",
    async reach(page) {
      await send(page, "/api/me");
      await page.getByTestId("api-answer-headers").locator("summary").click();
    },
  },
  { name: "tokens-signed-out", state: "signed-out", reach: tab("tokens") },
  { name: "tokens-waiting", state: "waiting", reach: tab("tokens") },
  { name: "tokens", state: "signed-in", reach: (page) => tokens(page, "id") },
  { name: "tokens-access", state: "signed-in", reach: (page) => tokens(page, "access") },
  { name: "tokens-none", state: "signed-in-unnamed", reach: (page) => tokens(page, "id") },
  { name: "tokens-opaque", state: "signed-in-unnamed", reach: (page) => tokens(page, "access") },
  { name: "tokens-hostile", state: "hostile", reach: (page) => tokens(page, "id") },
  { name: "tokens-unusable", state: "unusable", reach: tab("tokens") },
  { name: "flow-empty", state: "signed-out", reach: tab("flow") },
  { name: "flow-live", state: "waiting", reach: tab("flow") },
  { name: "flow-call", state: "called", reach: tab("flow") },
  { name: "flow-code", state: "code", reach: tab("flow") },
  { name: "flow-by-code", state: "signed-in-by-code", reach: tab("flow") },
  { name: "flow-failed", state: "problem", reach: tab("flow") },
  { name: "flow-cancelled", state: "cancelled", reach: tab("flow") },
  { name: "flow-upstream", state: "signed-in-long", reach: tab("flow") },
  {
    name: "flow-upstream-open",
    state: "signed-in-long",
    async reach(page) {
      await tab("flow")(page);
      for (const step of [7, 8, 11]) await page.getByTestId(`flow-step-${step}`).click();
    },
  },
  {
    name: "flow-earlier",
    state: "signed-in-long",
    async reach(page) {
      await tab("flow")(page);
      await page.getByTestId("flow-which").selectOption("2");
      await page.getByText("Revoke the tokens").waitFor();
    },
  },
  {
    name: "flow-export",
    state: "signed-in-long",
    async reach(page) {
      await tab("flow")(page);
      await page.getByTestId("flow-export").click();
      await page.getByTestId("export-note").waitFor();
    },
  },
  { name: "flow-hostile", state: "hostile", reach: tab("flow") },
  {
    name: "flow-open",
    state: "signed-in",
    async reach(page) {
      await tab("flow")(page);
      for (const step of [4, 7]) await page.getByTestId(`flow-step-${step}`).click();
    },
  },
];

const shots = process.env.SHOTS ? join(import.meta.dirname, "shots") : null;
let place: Stand;

beforeAll(async () => {
  place = await stand();
  if (shots) await mkdir(shots, { recursive: true });
});
afterAll(() => place.close());

for (const theme of ["light", "dark"] as const) {
  for (const width of [960, 420]) {
    describe(`${theme}, ${width} wide`, () => {
      let sight: Sight;
      beforeAll(async () => {
        sight = await place.open({ theme, width });
      });
      afterAll(() => sight.page.context().close());

      test.each(screens)("$name", async ({ name, state, reach }) => {
        const { page, faults, show } = sight;
        await show(state);
        await reach?.(page);
        if (shots) await page.screenshot({ path: join(shots, `${name}-${width}-${theme}.png`) });
        const { violations } = await new AxeBuilder({ page }).analyze();
        expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html, any }) => [html, any.map((one) => one.message)])])).toEqual([]);
        expect(await sideways(page)).toBe(0);
        expect(await clipped(page)).toEqual([]);
        expect(faults.splice(0)).toEqual([]);
      });
    });
  }
}

describe("text at 200 %, 420 wide", () => {
  let sight: Sight;
  beforeAll(async () => {
    sight = await place.open({ width: 420 });
  });
  afterAll(() => sight.page.context().close());

  test.each(screens)("$name", async ({ name, state, reach }) => {
    const { page, show } = sight;
    await show(state);
    await page.evaluate(() => (document.documentElement.style.fontSize = "200%"));
    await reach?.(page);
    if (shots) await page.screenshot({ path: join(shots, `${name}-large-text.png`) });
    expect(await sideways(page)).toBe(0);
    expect(await clipped(page)).toEqual([]);
  });
});

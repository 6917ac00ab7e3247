import type { Page } from "playwright-core";
import { states } from "../../src/lib/backend/browser/states";
import type { Screen } from "./stage";

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

/** States that look like others here: what they differ in is seen in Settings, or in what they ask. */
const elsewhere = new Set(["update-unknown", "update-looking", "update-newest", "update-offline", "update-found-closes", "update-saved-elsewhere"]);

/** The screens of Account, API, Tokens and Flow. */
export const everyday: Screen[] = [
  ...Object.keys(states).filter((state) => !elsewhere.has(state)).map((state) => ({ name: state, state })),
  ...["found", "found-package", "found-closes", "hostile"].map((state) => ({
    name: `update-${state}-asked`,
    state: `update-${state}`,
    reach: (page: Page) => page.getByTestId("update-install").click(),
  })),
  ...["found", "hostile"].map((state) => ({
    name: `update-${state}-notes`,
    state: `update-${state}`,
    reach: (page: Page) => page.getByTestId("update-notes").locator("summary").click(),
  })),
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

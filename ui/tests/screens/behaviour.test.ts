import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { stand, type Sight, type Stand } from "./browser";

let place: Stand;
let sight: Sight;
let page: Page;

beforeAll(async () => {
  place = await stand();
});
afterAll(() => place.close());
beforeEach(async () => {
  // Frozen for all of them: the app's window is, too.
  sight = await place.open({ frozen: true });
  page = sight.page;
});
afterEach(async () => {
  expect(sight.faults).toEqual([]);
  await page.context().close();
});

/** Starts over with a clock that moves only when the test moves it. */
async function stopClock() {
  await page.context().close();
  sight = await place.open({ frozen: true, stopped: true });
  page = sight.page;
}

const status = () => page.locator('p[role="status"].unseen-text').textContent();
const title = () => page.locator("h1").first().textContent();
const focused = () => page.evaluate(() => document.activeElement?.getAttribute("data-testid") ?? document.activeElement?.tagName);

test("a whole life: sign in, call the API, refresh, sign out", async () => {
  await stopClock();
  await sight.show("signed-out");
  await page.getByTestId("sign-in").click();
  await page.getByTestId("cancel").waitFor();
  expect(await status()).toBe("Opening your browser.");
  expect(await page.getByTestId("copy-link").count()).toBe(0);
  await page.clock.runFor(200);
  await page.getByTestId("copy-link").waitFor();
  expect(await status()).toBe("Continue in Chromium.");
  await page.clock.runFor(2_500);
  await page.getByText("Finishing the sign-in", { exact: true }).first().waitFor();
  await page.clock.runFor(1_000);
  await page.getByTestId("account-email").waitFor();
  expect(await page.getByTestId("account-name").textContent()).toBe("Ada Moreno");
  expect(await status()).toBe("Signed in as Ada Moreno.");

  await page.getByTestId("tab-api").click();
  await page.getByTestId("api-send").click();
  await page.clock.runFor(1_000);
  await page.getByTestId("api-status").waitFor();
  expect(await page.getByTestId("api-status").textContent()).toBe("200 OK");
  expect(JSON.parse((await page.getByTestId("api-body").textContent())!)).toMatchObject({ subject: "upstream|ada" });

  await page.getByTestId("tab-account").click();
  await page.getByTestId("refresh").click();
  await page.getByText("Refreshing", { exact: true }).first().waitFor();
  await page.clock.runFor(1_000);
  await page.getByText("Refresh now").waitFor();

  await page.getByTestId("end-session").check();
  await page.getByTestId("sign-out").click();
  await page.clock.runFor(1_000);
  await page.getByTestId("signed-out-report").waitFor();
  expect(await page.getByTestId("signed-out-report").textContent()).toContain("Signed out in the browser");
});

test("cancelling goes back, and an answer that comes late changes nothing", async () => {
  await stopClock();
  await sight.show("signed-out");
  await page.getByTestId("sign-in").click();
  await page.getByTestId("cancel").click();
  await page.getByTestId("sign-in").waitFor();
  await page.clock.runFor(10_000);
  expect(await page.getByTestId("sign-in").isVisible()).toBe(true);
});

test("the countdown runs to its end, and says why the sign-in is over", async () => {
  await stopClock();
  await sight.show("waiting");
  expect(await page.getByTestId("time-left").textContent()).toBe("4:52 left");
  await page.clock.runFor(3_000);
  expect(await page.getByTestId("time-left").textContent()).toBe("4:49 left");
  expect(await page.getByTestId("paste-field").isVisible()).toBe(false);
  await page.clock.runFor(10_000);
  expect(await page.getByText("Nothing opened?").isVisible()).toBe(true);
  expect(await page.getByTestId("paste-field").isVisible()).toBe(true);
  await page.clock.runFor(300_000);
  expect(await page.getByTestId("problem").textContent()).toContain("timed_out");
});

test("the address that the browser landed on can be pasted, and stays nowhere", async () => {
  await sight.show("waiting");
  await page.getByTestId("stuck").locator("summary").click();
  const field = page.getByLabel("Paste the address you landed on");
  await field.fill("http://127.0.0.1:53412/callback?code=canary&state=wrong");
  await page.keyboard.press("Enter");
  await page.getByTestId("paste-problem").filter({ hasText: "address bar" }).waitFor();
  expect(await field.inputValue()).toBe("");
  expect(await field.getAttribute("aria-invalid")).toBe("true");
  expect(await page.content()).not.toContain("canary");
  expect(await page.getByTestId("cancel").isVisible()).toBe(true);
  await field.fill("http://127.0.0.1:53412/callback?code=canary&state=right");
  await page.getByTestId("paste").click();
  await page.getByText("Finishing the sign-in", { exact: true }).first().waitFor();
  expect(await focused()).toBe("H1");
  await page.getByTestId("account-email").waitFor();
  expect(await page.content()).not.toContain("canary");
});

test("help that comes by itself disturbs nobody who is typing", async () => {
  await stopClock();
  await sight.show("waiting");
  await page.getByTestId("stuck").locator("summary").click();
  await page.getByTestId("paste-field").fill("half");
  await page.clock.runFor(15_000);
  expect(await focused()).toBe("paste-field");
  expect(await page.getByTestId("paste-field").inputValue()).toBe("half");
  // Closed by hand, it stays closed.
  await page.getByTestId("stuck").locator("summary").click();
  await page.clock.runFor(5_000);
  expect(await page.getByTestId("paste-field").isVisible()).toBe(false);
});

test("freshness ticks by itself until it is past", async () => {
  await stopClock();
  await sight.show("signed-in");
  expect(await page.getByTestId("fresh").textContent()).toBe("Fresh until 12:54 · 54 min left");
  await page.clock.runFor(53.5 * 60_000);
  expect(await page.getByTestId("fresh").textContent()).toMatch(/· \d+ s left$/);
  await page.clock.runFor(60_000);
  expect(await page.getByTestId("fresh").textContent()).toBe("Expired, renewed at the next call");
});

test("a copied link says so for a moment, to the eye and to the ear", async () => {
  await stopClock();
  await sight.show("waiting-no-browser");
  const copy = page.getByTestId("copy-link");
  expect(await page.locator("main button:visible").allTextContents()).toContainEqual(expect.stringContaining("Copy link"));
  const order = await page.locator("main .row [data-testid]:is(button)").evaluateAll((all) => all.map((one) => one.getAttribute("data-testid")));
  expect(order).toEqual(["copy-link", "open-again", "with-code", "cancel"]);
  await copy.click();
  await page.getByRole("button", { name: "Copied" }).waitFor();
  expect(await status()).toBe("Link copied.");
  await page.clock.runFor(2_500);
  await page.getByRole("button", { name: "Copy link" }).waitFor();
});

test("everything works by keyboard, and the focus is never lost", async () => {
  await sight.show("signed-out");
  await page.getByTestId("tab-account").focus();
  await page.keyboard.press("Tab");
  expect(await focused()).toBe("sign-in");
  await page.keyboard.press("Enter");
  await page.getByTestId("cancel").waitFor();
  expect(await focused()).toBe("H1");
  await page.getByTestId("cancel").focus();
  await page.keyboard.press("Space");
  await page.getByTestId("sign-in").waitFor();
  expect(await focused()).toBe("H1");

  await page.getByTestId("tab-account").focus();
  for (const [key, tab] of [["ArrowRight", "tab-api"], ["ArrowRight", "tab-tokens"], ["ArrowRight", "tab-flow"], ["ArrowRight", "tab-account"], ["End", "tab-flow"], ["Home", "tab-account"], ["ArrowLeft", "tab-flow"]] as const) {
    await page.keyboard.press(key);
    expect(await focused()).toBe(tab);
    expect(await page.getByTestId(tab).getAttribute("aria-selected")).toBe("true");
  }
});

test("a failed step is a press away from its problem, and stands open", async () => {
  await sight.show("problem");
  await page.getByRole("button", { name: "See the failed step" }).click();
  expect(await focused()).toBe("flow-step-10");
  expect(await page.getByTestId("flow-step-10").getAttribute("aria-expanded")).toBe("true");
  expect(await page.getByRole("group", { name: "Step 10" }).textContent()).toContain("invalid_grant");
  await page.getByRole("button", { name: "Dismiss" }).click();
  await page.getByTestId("problem").waitFor({ state: "detached" });
});

test("a secret shows its length and nothing else", async () => {
  await sight.show("signed-in");
  await page.getByTestId("tab-flow").click();
  await page.getByTestId("flow-step-4").click();
  expect(await page.locator(".hidden-value").allTextContents()).toEqual(Array(3).fill("hidden, 43 bytes"));
});

test("tokens are explained by keyboard, in local time, and never shown", async () => {
  await stopClock();
  await sight.show("signed-in");
  await page.getByTestId("tab-tokens").click();
  const row = (name: string) => page.getByRole("row").filter({ has: page.getByRole("rowheader", { name, exact: true }) }).innerText();
  expect(await page.getByTestId("tokens-verdict").innerText()).toContain("signed with RS256 by key demo-2026-11");
  expect(await row("exp")).toMatch(/today, 12:54:00\s+in 54 min/);
  expect(await row("auth_time")).toMatch(/yesterday, 09:54:00\s+1 day ago/);
  expect(await row("tier")).toContain("Set by the provider.");
  expect(await row("signature")).toContain("hidden, 256 bytes");
  await page.clock.runFor(60_000);
  expect(await row("exp")).toContain("in 53 min");

  await page.getByTestId("token-id").focus();
  for (const [key, token] of [["ArrowRight", "token-access"], ["ArrowRight", "token-id"], ["End", "token-access"], ["Home", "token-id"], ["ArrowLeft", "token-access"]] as const) {
    await page.keyboard.press(key);
    expect(await focused()).toBe(token);
    expect(await page.getByTestId(token).getAttribute("aria-selected")).toBe("true");
  }
  expect(await row("aud")).toContain("Which API it is for.");
  expect(await page.getByTestId("tokens-verdict").innerText()).toContain("For the API to check");
});

test("tokens are read again after a refresh, and gone with another profile", async () => {
  await sight.show("signed-in-stale");
  await page.getByTestId("tab-tokens").click();
  const exp = page.getByRole("row").filter({ has: page.getByRole("rowheader", { name: "exp", exact: true }) });
  expect(await exp.innerText()).toContain("3 min ago");
  await page.getByTestId("tab-account").click();
  await page.getByTestId("refresh").click();
  await page.getByTestId("tab-tokens").click();
  await exp.filter({ hasText: /in \d+ (min|h)/ }).waitFor();
  await page.getByRole("button", { name: "orders" }).click();
  await page.getByText("No tokens to show").waitFor();
  expect(await page.getByTestId("tokens-claims").count()).toBe(0);
});

test("another profile starts with nothing of the one before", async () => {
  await sight.show("signed-in");
  await page.getByTestId("tab-api").click();
  await page.getByTestId("api-path").fill("/api/v1/projects");
  await page.getByTestId("api-send").click();
  await page.getByTestId("api-status").waitFor();
  await page.getByRole("button", { name: "orders" }).click();
  await page.getByText("Sign in to call the API").waitFor();
  expect(await page.getByTestId("api-body").count()).toBe(0);
});

test("g18 hostile text stays text", async () => {
  await sight.show("hostile");
  for (const tab of ["account", "api", "tokens", "flow"]) {
    await page.getByTestId(`tab-${tab}`).click();
    expect(await page.locator("main :is(img, script, a, iframe, form[action])").count()).toBe(0);
    expect(await page.title()).toBe("Doorkey");
    expect(await page.locator("body").innerText()).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/);
  }
  await page.getByTestId("tab-account").click();
  expect(await title()).toContain("<img src=x");
});

test("a locked keychain is opened, or left alone", async () => {
  await sight.show("locked");
  expect(await status()).toBe("The keychain is locked.");
  expect(await page.locator("body").innerText()).not.toMatch(/signed out/i);
  await page.getByTestId("unlock").click();
  await page.getByTestId("account-email").waitFor();
  expect(await status()).toBe("Signed in as Ada Moreno.");
  await sight.show("locked");
  await page.getByTestId("sign-in-anyway").click();
  await page.getByTestId("cancel").waitFor();
});

test("flows can be chosen, exported and found again", async () => {
  await sight.show("signed-in-long");
  await page.getByTestId("tab-flow").click();
  const which = page.getByTestId("flow-which");
  expect(await which.locator("option").count()).toBe(6);
  expect(await page.getByTestId("flow-verdict").innerText()).toBe("Done in 4.1 s");
  await which.selectOption("1");
  await page.getByText("Failed at step 10").waitFor();
  expect(await page.getByTestId("flow-step-10").getAttribute("aria-expanded")).toBe("true");
  await page.getByTestId("flow-export").click();
  await page.getByTestId("export-note").waitFor();
  expect(await status()).toBe("Saved as doorkey-flow-1.json in Downloads.");
  await page.getByTestId("export-reveal").click();
  // What was chosen stays while the tab is away, and a refresh does not take its place.
  await page.getByTestId("tab-account").click();
  await page.getByTestId("refresh").click();
  await page.getByText("Refresh now").waitFor();
  await page.getByTestId("tab-flow").click();
  expect(await which.inputValue()).toBe("1");
  await which.selectOption("7");
  await page.getByText("Present the refresh token").waitFor();
  await page.getByTestId("tab-account").click();
  await page.getByTestId("refresh").click();
  await page.getByText("Refresh now").waitFor();
  await page.getByTestId("tab-flow").click();
  expect(await which.inputValue()).toBe("8");
});

test("an upstream has its lane, out of sight, and only when somebody speaks of it", async () => {
  await sight.show("signed-in-long");
  await page.getByTestId("tab-flow").click();
  const lanes = page.getByRole("list", { name: "Who takes part" });
  expect((await lanes.innerText()).replace(/\s+/g, " ")).toContain("Upstream out of sight");
  await page.getByTestId("flow-step-8").click();
  expect(await page.getByRole("group", { name: "Step 8" }).innerText()).toContain("Out of Doorkey’s sight: between the provider and the upstream.");
  await page.getByTestId("flow-step-12").click();
  expect(await page.getByRole("group", { name: "Step 12" }).innerText()).toContain("Received");
  await page.getByTestId("flow-which").selectOption("2");
  await page.getByText("Revoke the tokens").waitFor();
  expect(await lanes.innerText()).not.toContain("Upstream");
});

test("a problem's details are copied", async () => {
  await sight.show("problem");
  await page.getByTestId("copy-problem").click();
  await page.getByRole("button", { name: "Copied" }).waitFor();
  expect(await status()).toBe("Details copied.");
});

test("when links belong to another program, loopback is a press away", async () => {
  await sight.show("scheme-taken");
  await page.getByTestId("over-loopback").click();
  await page.getByTestId("copy-link").waitFor();
  expect(await page.locator("main").innerText()).not.toContain("allow it");
  await sight.show("waiting-link");
  expect(await page.locator("main").innerText()).toContain("your browser asks whether it may open Doorkey: allow it.");
  await page.getByTestId("stuck").locator("summary").click();
  await page.getByTestId("over-loopback").click();
  await page.getByText("When you are done, this window comes to the front.").waitFor();
});

test("what cannot be pasted is not asked for", async () => {
  await sight.show("waiting-posted");
  expect(await page.getByText("Nothing opened?").isVisible()).toBe(true);
  expect(await page.getByTestId("paste-field").count()).toBe(0);
});

test("another tab begins at its top", async () => {
  await sight.show("signed-in");
  await page.getByTestId("tab-tokens").click();
  await page.getByRole("heading", { name: "What the tokens say" }).waitFor();
  const scrolled = () => page.locator("main").evaluate((main) => main.scrollTop);
  await page.locator("main").evaluate((main) => main.scrollTo(0, 200));
  expect(await scrolled()).toBe(200);
  await page.getByTestId("tab-flow").click();
  await page.getByTestId("flow-step-1").waitFor();
  expect(await scrolled()).toBe(0);
});

test("a profile that cannot be used says why, in every tab, and leads to its editor", async () => {
  await sight.show("signed-out");
  await sight.show("unusable");
  for (const tab of ["account", "api", "tokens", "flow"]) {
    await page.getByTestId(`tab-${tab}`).click();
    expect(await title()).toBe("The profile payroll cannot be used");
    expect(await page.locator("main").innerText()).toContain("is missing");
  }
  await page.getByTestId("edit-profile").click();
  await page.getByTestId("tab-account").waitFor({ state: "detached" });
  expect(await page.getByTestId("field-name").inputValue()).toBe("payroll");
  expect(await page.getByTestId("profile-unread").textContent()).toContain("issuer is missing");
  await page.getByRole("navigation").getByRole("button", { name: "demo" }).click();
  await page.getByTestId("sign-in").waitFor();
});

test("each profile of the picker says how it stands", async () => {
  await sight.show("waiting");
  const lines = await page.getByRole("navigation", { name: "Profiles" }).getByRole("button").allInnerTexts();
  expect(lines.map((line) => line.split("\n").filter(Boolean))).toEqual([
    ["demo", "Waiting for the browser", "Demo provider"],
    ["flyte-staging", "Grace Okafor", "acme.okta.example"],
    ["orders", "Sign in again", "login.contoso.example"],
  ]);
});

test("settings open from the side bar and from a narrow window, and lead back", async () => {
  await sight.show("signed-in");
  await page.getByTestId("settings").click();
  expect(await page.getByTestId("settings").getAttribute("aria-current")).toBe("page");
  expect(await title()).toBe("Settings");
  await page.getByRole("navigation", { name: "Profiles" }).getByRole("button", { name: "demo" }).click();
  await page.getByTestId("account-email").waitFor();
  await page.setViewportSize({ width: 420, height: 680 });
  await page.getByTestId("settings-narrow").focus();
  await page.keyboard.press("Enter");
  expect(await title()).toBe("Settings");
  expect(await focused()).toBe("H1");
  await page.getByTestId("settings-leave").click();
  await page.getByTestId("account-email").waitFor();
  expect(await focused()).toBe("account-name");
});

test("the theme that was chosen is the window's", async () => {
  const theme = () => page.evaluate(() => [document.documentElement.dataset.theme ?? "none", getComputedStyle(document.documentElement).colorScheme]);
  await sight.show("signed-in");
  expect(await theme()).toEqual(["none", "light dark"]);
  await sight.show("dark");
  expect(await theme()).toEqual(["dark", "dark"]);
});

test("tokens are read again as soon as they are others", async () => {
  await sight.show("signed-in");
  await page.getByTestId("tab-tokens").click();
  const exp = page.getByRole("row").filter({ has: page.getByRole("rowheader", { name: "exp", exact: true }) });
  await exp.filter({ hasText: /in 5\d min/ }).waitFor();
  await page.evaluate(() => (location.hash = "signed-in-stale"));
  await exp.filter({ hasText: "3 min ago" }).waitFor();
});

test("an account's picture is shown only from data", async () => {
  await sight.show("signed-in-picture");
  expect(await page.locator("main img").evaluate((image: HTMLImageElement) => image.decode().then(() => image.naturalWidth))).toBe(64);
  await sight.show("signed-in");
  expect(await page.locator("main img").count()).toBe(0);
});

test("an unknown state of the address is the beginning", async () => {
  await sight.show("__proto__");
  expect(await title()).toBe("Sign in to demo");
});

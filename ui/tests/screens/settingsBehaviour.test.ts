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
  sight = await place.open({ frozen: true });
  page = sight.page;
});
afterEach(async () => {
  expect(sight.faults).toEqual([]);
  await page.context().close();
});

const at = (testid: string) => page.getByTestId(testid);
const focused = () => page.evaluate(() => document.activeElement?.getAttribute("data-testid") ?? document.activeElement?.tagName);
const keys = async (...all: string[]) => {
  for (const key of all) await page.keyboard.press(key);
};
/** What is said about a field, beside it: its help, and why it was refused. */
const described = (testid: string) =>
  at(testid).evaluate((one) => (one.getAttribute("aria-describedby") ?? "").split(" ").map((id) => document.getElementById(id)?.textContent?.trim()).join(" "));
/** Leaves Settings for a profile, and comes back. */
const elsewhereAndBack = async (profile: string) => {
  await page.locator("nav").getByRole("button", { name: profile }).click();
  await at("tab-account").waitFor();
  await at("settings").click();
};
/** Another view comes, as when another process signs out. The window stays where it is. */
const viewBecomes = (state: string) => page.evaluate((hash) => void (location.hash = hash), state);

async function settings(state = "signed-in") {
  await sight.show(state);
  await at("settings").click();
}
async function edit(profile: string, state = "signed-in") {
  await settings(state);
  await at(`profile-edit-${profile}`).click();
  await at("field-name").waitFor();
}

test("a menu is worked by keyboard, and gives the focus back", async () => {
  await settings();
  await at("profile-more-orders").focus();
  await keys("Enter");
  expect(await page.getByRole("menu", { name: "More for orders" }).getByRole("menuitem").allTextContents()).toEqual(["Test", "Duplicate", "Share…", "Remove…"]);
  expect(await at("profile-more-orders").getAttribute("aria-expanded")).toBe("true");
  const steps = [["ArrowDown", "profile-duplicate"], ["End", "profile-remove"], ["ArrowDown", "profile-test"], ["ArrowUp", "profile-remove"], ["Home", "profile-test"], ["d", "profile-duplicate"], ["r", "profile-remove"]] as const;
  expect(await focused()).toBe("profile-test");
  for (const [key, item] of steps) {
    await keys(key);
    expect(await focused()).toBe(item);
  }
  await keys("Escape");
  expect(await page.getByRole("menu").count()).toBe(0);
  expect(await focused()).toBe("profile-more-orders");
  await keys("ArrowUp");
  expect(await focused()).toBe("profile-remove");
  await keys("Tab");
  expect(await page.getByRole("menu").count()).toBe(0);
  expect(await focused()).toBe("settings-browser");
});

test("a press elsewhere closes a menu, and a press on its button does", async () => {
  await settings();
  await at("profile-more-orders").click();
  await page.getByRole("heading", { name: "This computer" }).click();
  expect(await page.getByRole("menu").count()).toBe(0);
  await at("profile-more-orders").click();
  await at("profile-more-orders").click();
  expect(await page.getByRole("menu").count()).toBe(0);
});

test("what is built in cannot be removed, and what cannot be used can be filled in again or removed", async () => {
  await settings("unusable");
  await at("profile-more-demo").click();
  expect(await page.getByRole("menuitem").allTextContents()).toEqual(["Test", "Duplicate", "Share…"]);
  expect(await at("profile-row-demo").textContent()).toContain("Built in, so it stays.");
  expect(await at("profile-row-payroll").textContent()).toContain("issuer is missing");
  await at("profile-edit-payroll").click();
  expect(await at("profile-unread").textContent()).toContain("issuer is missing");
  await at("profile-cancel").click();
  await at("profile-row-payroll").waitFor();
  await at("profile-more-payroll").click();
  expect(await page.getByRole("menuitem").allTextContents()).toEqual(["Remove…"]);
  await at("profile-remove").click();
  await at("profile-remove-confirm").click();
  await at("profile-row-payroll").waitFor({ state: "detached" });
});

test("removing asks first, holds the focus, and keeps on Esc", async () => {
  await settings();
  await at("profile-more-flyte-staging").focus();
  await keys("Enter", "End", "Enter");
  const question = page.getByRole("alertdialog", { name: "Remove “flyte-staging”?" });
  await question.waitFor();
  expect(await question.textContent()).toContain("Grace Okafor is signed out first.");
  expect(await focused()).toBe("profile-keep");
  const seen = new Set<string | undefined>();
  for (let press = 0; press < 6; press += 1) {
    await keys("Tab");
    seen.add(await focused());
  }
  // The page itself may take a turn between the two, but nothing in it.
  expect([...seen].filter((one) => one !== "BODY" && one !== "DIALOG" && one !== "profile-removal").toSorted()).toEqual(["profile-keep", "profile-remove-confirm"]);
  await keys("Escape");
  await question.waitFor({ state: "detached" });
  expect(await focused()).toBe("profile-more-flyte-staging");
  expect(await at("profile-row-flyte-staging").count()).toBe(1);
});

test("a profile that is removed is gone, and the focus is not", async () => {
  await settings();
  await at("profile-more-flyte-staging").focus();
  await keys("Enter", "End", "Enter");
  await at("profile-remove-confirm").focus();
  await keys("Enter");
  await page.getByText("Removing…").waitFor();
  await at("profile-row-flyte-staging").waitFor({ state: "detached" });
  expect(await at("profiles-done").textContent()).toContain("“flyte-staging” is gone.");
  expect(await focused()).toBe("profile-add");
});

test("a refusal stands beside its field and takes the focus there", async () => {
  await settings();
  await at("profile-add").click();
  expect(await focused()).toBe("field-name");
  await keys("Enter");
  await page.getByText("cannot be the name of a profile").waitFor();
  expect(await focused()).toBe("field-name");
  expect(await at("field-name").getAttribute("aria-invalid")).toBe("true");
  expect(await described("field-name")).toContain("Use 1 to 64 lower-case letters");
  await page.keyboard.type("work");
  expect(await at("field-name").getAttribute("aria-invalid")).toBe("false");
  await at("profile-save").click();
  await page.getByText("Issuer is missing.").waitFor();
  expect(await focused()).toBe("field-issuer");
  expect(await described("field-issuer")).toContain("such as https://login.example.com");
  expect(await at("field-name").inputValue()).toBe("work");
});

test("a refused field that was put away comes into sight", async () => {
  await edit("orders");
  await at("profile-advanced").locator("summary").click();
  await at("field-timeout_seconds").fill("soon");
  await at("profile-advanced").locator("summary").click();
  await at("profile-save").click();
  await page.getByText("is not a number").waitFor();
  expect(await focused()).toBe("field-timeout_seconds");
  expect(await at("field-timeout_seconds").isVisible()).toBe(true);
});

test("one wrong parameter of several leads to their first row", async () => {
  await edit("flyte-staging");
  await at("field-authorization_parameters-name-1").fill("state");
  await at("profile-save").click();
  await page.getByText("set by Doorkey itself").waitFor();
  expect(await focused()).toBe("field-authorization_parameters-name-1");
});

test("a refusal of the whole stands on top, and nothing typed is lost", async () => {
  await edit("orders");
  await at("field-name").fill("unwritable");
  await at("field-api").fill("https://a.example https://b.example");
  await at("profile-save").click();
  await at("profile-refusal").waitFor();
  expect(await page.evaluate(() => document.activeElement?.textContent)).toContain("the disk is full");
  expect(await at("field-api").inputValue()).toBe("https://a.example https://b.example");
});

test("neither another provider, nor a new view, nor a look elsewhere loses what is typed", async () => {
  await settings();
  await at("profile-add").click();
  await at("field-name").fill("work");
  await at("field-issuer").fill("https://login.example.com");
  await at("field-client_id").fill("abc");
  await at("field-preset").selectOption("oauth2");
  expect(await at("field-client_id").inputValue()).toBe("abc");
  await at("field-token_endpoint").fill("https://a.example/token");
  await at("field-preset").selectOption("oidc");
  expect(await at("field-issuer").inputValue()).toBe("https://login.example.com");

  await at("field-scopes").fill("openid");
  await viewBecomes("expired");
  await page.locator("nav").getByRole("button", { name: "demo" }).getByText("Sign in again").waitFor();
  expect(await focused()).toBe("field-scopes");
  expect(await at("field-scopes").inputValue()).toBe("openid");

  await elsewhereAndBack("orders");
  expect(await at("field-name").inputValue()).toBe("work");
  await at("field-preset").selectOption("oauth2");
  expect(await at("field-token_endpoint").inputValue()).toBe("https://a.example/token");
});

test("unsaved changes are asked about in place, and only those", async () => {
  await edit("orders");
  await at("profile-cancel").click();
  expect(await focused()).toBe("profile-edit-orders");

  await keys("Enter");
  await at("field-client_id").fill("other");
  await at("profile-cancel").click();
  expect(await focused()).toBe("profile-keep-editing");
  await keys("Escape");
  expect(await focused()).toBe("profile-cancel");
  expect(await at("field-client_id").inputValue()).toBe("other");
  await keys("Enter");
  await at("profile-discard").click();
  expect(await focused()).toBe("profile-edit-orders");
  await keys("Enter");
  expect(await at("field-client_id").inputValue()).not.toBe("other");
});

test("a new profile is chosen, and its sign-in is a press away", async () => {
  await settings();
  await at("profile-add").click();
  await at("field-name").fill("work");
  await at("field-issuer").fill(" https://login.example.com ");
  await at("field-client_id").fill("abc");
  await keys("Enter");
  await at("profiles-show").waitFor();
  expect(await at("profiles-done").textContent()).toContain("“work” is saved and chosen.");
  expect(await focused()).toBe("profile-edit-work");
  expect(await at("profile-row-work").textContent()).toContain("Signed out");
  await at("profiles-show").click();
  await at("sign-in").waitFor();
  expect(await page.locator("main h1").textContent()).toBe("Sign in to work");
});

test("a copy has a free name and the same fields", async () => {
  await settings();
  await at("profile-more-flyte-staging").click();
  await at("profile-duplicate").click();
  await at("field-name").waitFor();
  expect(await at("field-name").inputValue()).toBe("flyte-staging-2");
  expect(await at("field-issuer").inputValue()).toBe("https://acme.okta.example/oauth2/default");
  expect(await at("field-authorization_parameters-value-1").inputValue()).toBe("https://flyte.acme.example");
  await at("profile-save").click();
  await at("profile-row-flyte-staging-2").waitFor();
  expect(await at("profile-row-flyte-staging").count()).toBe(1);
});

test("a loopback address of one's own survives a look at the app link", async () => {
  await edit("flyte-staging");
  expect(await at("profile-advanced").evaluate((one: HTMLDetailsElement) => one.open)).toBe(true);
  expect(await at("field-redirect_uri-link").isChecked()).toBe(true);
  expect(await at("field-redirect_uri").count()).toBe(0);
  await at("field-redirect_uri-loopback").check();
  expect(await at("field-redirect_uri").inputValue()).toBe("");
  await at("field-redirect_uri").fill("http://localhost:8125/back");
  await at("field-redirect_uri-link").check();
  await at("field-redirect_uri-loopback").check();
  expect(await at("field-redirect_uri").inputValue()).toBe("http://localhost:8125/back");
  await at("profile-save").click();
  await at("profile-edit-flyte-staging").click();
  expect(await at("field-redirect_uri").inputValue()).toBe("http://localhost:8125/back");
});

test("a profile's browser is one that is installed, or a command", async () => {
  await edit("flyte-staging");
  const browser = at("field-browser");
  expect(await browser.locator("option").allTextContents()).toEqual(["As in Settings", "Chromium", "Firefox", "A command…"]);
  await browser.selectOption({ label: "Firefox" });
  await browser.selectOption({ label: "A command…" });
  expect(await focused()).toBe("field-browser-command");
  expect(await at("field-browser-command").inputValue()).toBe("/usr/bin/firefox");
  await at("field-browser-command").fill("/usr/bin/firefox -P work");
  await browser.selectOption({ label: "As in Settings" });
  expect(await at("field-browser-command").count()).toBe(0);
  await browser.selectOption({ label: "A command…" });
  expect(await at("field-browser-command").inputValue()).toBe("/usr/bin/firefox -P work");
});

test("rows of parameters come and go by keyboard", async () => {
  await edit("flyte-staging");
  await at("field-authorization_parameters-add").focus();
  await keys("Enter");
  expect(await focused()).toBe("field-authorization_parameters-name-3");
  await page.keyboard.type("claims");
  await at("field-authorization_parameters-remove-1").focus();
  await keys("Enter");
  expect(await focused()).toBe("field-authorization_parameters-name-1");
  expect(await at("field-authorization_parameters-name-1").inputValue()).toBe("prompt");
  expect(await at("field-authorization_parameters-name-2").inputValue()).toBe("claims");
  for (const row of [2, 1]) await at(`field-authorization_parameters-remove-${row}`).click();
  expect(await focused()).toBe("field-authorization_parameters-add");
});

test("a test tells what it found, and that the form is another one since", async () => {
  await settings();
  await at("profile-more-orders").click();
  await at("profile-test").click();
  await at("check-1").waitFor();
  expect(await at("check-1").textContent()).toContain("Failed: Provider answers");
  expect(await at("check-1").locator("code").textContent()).toBe("https://login.contoso.example/tenant/v2.0/.well-known/openid-configuration");
  expect(await at("check-1-remedy").textContent()).toContain("Check the issuer");
  await page.locator('p[role="status"].unseen-text', { hasText: "Tested: 1 of 1 failed." }).waitFor({ state: "attached" });
  await at("field-issuer").fill("https://login.example.com");
  await at("profile-checks-stale").waitFor();
  await at("profile-test-form").click();
  await at("check-3").waitFor();
  expect(await at("profile-checks-stale").count()).toBe(0);
});

test("a test that takes long can be left, and one of half a form says what is missing", async () => {
  await edit("orders");
  await at("field-name").fill("silent");
  await at("profile-test-form").click();
  await at("profile-test-leave").click();
  expect(await at("profile-testing").count()).toBe(0);
  expect(await focused()).toBe("profile-test-form");
  await at("field-client_id").fill("");
  await at("profile-test-form").click();
  await page.getByText("Client ID is missing.").waitFor();
  expect(await focused()).toBe("field-client_id");
});

test("settings apply at once", async () => {
  await settings();
  await at("settings-theme").selectOption("dark");
  await page.locator('html[data-theme="dark"]').waitFor();
  await at("settings-close-to-tray").uncheck();
  await at("settings-start-at-login").check();
  await elsewhereAndBack("orders");
  expect(await at("settings-theme").inputValue()).toBe("dark");
  expect([await at("settings-close-to-tray").isChecked(), await at("settings-start-at-login").isChecked()]).toEqual([false, true]);
});

test("a refused change says so beside its setting, which goes back", async () => {
  await settings("settings-read-only");
  await at("settings-theme").selectOption("dark");
  await at("settings-start-at-login").click();
  await page.getByText("The settings cannot be saved").nth(1).waitFor();
  expect(await at("settings-theme").inputValue()).toBe("light");
  expect(await at("settings-start-at-login").isChecked()).toBe(false);
  expect(await described("settings-theme")).toContain("cannot be saved");
  expect(await described("settings-start-at-login")).toContain("cannot be saved");
});

test("where there is no tray and no start at login, it is said or not there", async () => {
  await settings("settings-bare-desktop");
  expect(await at("settings-close-to-tray").isDisabled()).toBe(true);
  expect(await described("settings-close-to-tray")).toContain("no tray");
  expect(await at("settings-start-at-login").count()).toBe(0);
});

test("a browser's command is used on Enter, and one that is wrong can be corrected", async () => {
  await settings();
  const command = at("settings-browser-command");
  await at("settings-browser").selectOption({ label: "A command…" });
  expect(await focused()).toBe("settings-browser-command");
  await command.fill("nowhere --private");
  await keys("Enter");
  await page.getByText("There is no program nowhere.").waitFor();
  expect(await command.getAttribute("aria-invalid")).toBe("true");
  expect(await command.inputValue()).toBe("nowhere --private");
  await command.fill("/usr/bin/firefox --private-window");
  await keys("Enter");
  await page.locator('[data-testid="settings-browser-command"][aria-invalid="false"]').waitFor();
  await elsewhereAndBack("orders");
  expect(await command.inputValue()).toBe("/usr/bin/firefox --private-window");
  await at("settings-browser").selectOption({ label: "System default (Chromium)" });
  await command.waitFor({ state: "detached" });
});

test("a command that nobody wrote changes nothing", async () => {
  await settings();
  await at("settings-browser").selectOption({ label: "A command…" });
  await at("settings-theme").focus();
  await at("settings-browser-command").waitFor({ state: "detached" });
  expect(await at("settings-browser").inputValue()).toBe("");
});

test("the keychain is tested, and asked again when somebody comes back", async () => {
  await settings("locked");
  await at("keychain").getByText("Locked", { exact: true }).waitFor();
  await viewBecomes("signed-in");
  await page.evaluate(() => window.dispatchEvent(new Event("focus")));
  await at("keychain").getByText("Ready", { exact: true }).waitFor();
  await at("keychain-test").click();
  await at("keychain").getByText("Writing something and reading it back").waitFor();
  await at("keychain").getByText(/Written and read back at \d\d:\d\d\./).waitFor();
});

test("a locked keychain can be unlocked, and the focus is not lost", async () => {
  await settings("locked");
  await at("keychain-unlock").focus();
  await keys("Enter");
  await at("keychain").getByText("Ready", { exact: true }).waitFor();
  await at("keychain-unlock").waitFor({ state: "detached" });
  expect(await focused()).toBe("keychain-test");
});

import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { appLink } from "../../src/lib/backend/browser/presets";
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
  await sight.show("signed-in");
  await at("settings").click();
});
afterEach(async () => {
  expect(sight.faults).toEqual([]);
  await page.context().close();
});

const at = (testid: string) => page.getByTestId(testid);
const focused = () => page.evaluate(() => document.activeElement?.getAttribute("data-testid") ?? document.activeElement?.tagName);
const uris = () => page.locator('[data-testid^="setup-uri-"]').allTextContents();
const more = () => at("profile-advanced").locator("summary").click();
/** What was copied last. */
async function copied(): Promise<string> {
  await page.context().grantPermissions(["clipboard-read"]);
  return page.evaluate(() => navigator.clipboard.readText());
}

test("the checklist of a preset says what to register, as the form stands", async () => {
  await at("profile-add").click();
  await at("field-preset").selectOption("okta");
  await expect.poll(uris).toEqual([8714, 8715, 8716].map((port) => `http://127.0.0.1:${port}/callback`));
  await more();
  await at("field-redirect_ports").fill("8400");
  await expect.poll(uris).toEqual(["http://127.0.0.1:8400/callback"]);
  await page.getByRole("button", { name: "Copy http://127.0.0.1:8400/callback" }).click();
  expect(await copied()).toBe("http://127.0.0.1:8400/callback");
  await at("field-redirect_uri-link").check();
  await at("field-redirect_ports").fill("");
  await expect.poll(uris).toEqual([appLink]);
  await at("field-preset").selectOption("google");
  expect(await at("setup").textContent()).toContain("type Desktop app");
});

test("once a profile is saved, its checklist is a press away", async () => {
  await at("profile-edit-orders").click();
  expect(await at("setup-uri-1").isVisible()).toBe(false);
  await at("setup").locator("summary").click();
  await at("setup-uri-1").waitFor();
});

test("a client secret is typed blind, kept with the profile, and never seen again", async () => {
  await at("profile-add").click();
  await at("field-preset").selectOption("google");
  await at("field-name").fill("shop");
  await at("field-client_id").fill("app");
  expect(await at("field-client_secret").getAttribute("type")).toBe("password");
  await at("field-client_secret").fill("canary");
  await at("profile-save").click();
  await at("profile-edit-shop").click();
  await at("field-client_secret-kept").waitFor();
  expect(await at("field-client_secret").count()).toBe(0);
  expect(await page.content()).not.toContain("canary");

  await at("field-client_secret-replace").click();
  expect([await focused(), await at("field-client_secret").inputValue()]).toEqual(["field-client_secret", ""]);
  await at("field-client_secret").fill("another");
  await at("field-client_secret-keep").click();
  expect(await focused()).toBe("field-client_secret-replace");
  await at("field-client_secret-forget").click();
  await at("field-client_secret").waitFor();
  expect(await focused()).toBe("field-client_secret");
});

test("a sign-in that misses the secret leads to where it is given", async () => {
  await sight.show("no-secret");
  await at("problem-edit").click();
  await more();
  await at("field-client_secret-kept").waitFor();
});

test("a secret that is refused is told beside it, and the profile is saved", async () => {
  await at("profile-add").click();
  await at("field-preset").selectOption("google");
  await at("field-name").fill("shop");
  await at("field-client_id").fill("app");
  await at("field-client_secret").fill(" ");
  await at("profile-save").click();
  await page.getByText("is no client secret").waitFor();
  expect(await focused()).toBe("field-client_secret");
  expect(await page.getByRole("heading", { name: "Edit shop" }).count()).toBe(1);
});

test("what somebody shared is laid out unsaved, under a free name, with what stayed behind", async () => {
  await at("profile-import").click();
  expect(await focused()).toBe("import-text");
  await at("import-file").setInputFiles({ name: "orders.toml", mimeType: "text/plain", buffer: Buffer.from('issuer = "https://login.example.com"\nbrowser = "evil %s"\n') });
  await at("profile-imported").waitFor();
  expect(await at("field-name").inputValue()).toBe("orders-2");
  expect(await at("field-issuer").inputValue()).toBe("https://login.example.com");
  expect(await at("left-out").textContent()).toContain("browser");
  await at("profile-cancel").click();
  await at("profile-import").waitFor();
  expect(await at("profile-row-orders-2").count()).toBe(0);
});

test("the address of a provider begins a profile, and what is none is refused beside it", async () => {
  await at("profile-import").click();
  await at("import-text").fill("hello");
  await at("import-go").click();
  await page.getByText("this is no profile").waitFor();
  expect([await focused(), await at("import-text").inputValue()]).toEqual(["import-text", "hello"]);
  await at("import-text").fill("https://login.example.com/.well-known/openid-configuration");
  await at("import-go").click();
  await at("profile-imported").waitFor();
  expect(await at("field-issuer").inputValue()).toBe("https://login.example.com");
  expect(await at("field-client_id").inputValue()).toBe("");
});

test("a file that is dropped is read", async () => {
  await at("profile-import").click();
  const files = await page.evaluateHandle(() => {
    const carried = new DataTransfer();
    carried.items.add(new File(['issuer = "https://login.example.com"'], "work.toml"));
    return carried;
  });
  await at("import").dispatchEvent("drop", { dataTransfer: files });
  await at("profile-imported").waitFor();
  expect(await at("field-name").inputValue()).toBe("work");
});

test("a profile is shared as text and as a file, and the focus comes back", async () => {
  await at("profile-more-orders").click();
  await at("profile-share").click();
  await at("shared-text").waitFor();
  expect(await focused()).toBe("H3");
  expect(await at("left-out").textContent()).toContain("browser");
  await at("shared-copy").click();
  expect(await copied()).toBe(await at("shared-text").textContent());
  await at("shared-save").click();
  await at("shared-saved").waitFor();
  expect(await at("shared-saved").textContent()).toContain("Saved as orders.toml in Downloads");
  await at("shared-close").click();
  expect(await focused()).toBe("profile-edit-orders");
});

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

const status = () => page.locator('p[role="status"].unseen-text').textContent();

test("a sign-in with a code, from the quiet button to the account", async () => {
  await sight.show("signed-out");
  await page.getByTestId("sign-in-with-code").click();
  await page.getByTestId("user-code").waitFor();
  expect(await status()).toBe("Type this code: W D J B dash M J H T.");
  expect(await page.getByTestId("code-address").textContent()).toBe("https://login.example.com/device");
  expect(await page.getByTestId("paste-field").count()).toBe(0);
  await page.getByTestId("open-again").click();
  await page.getByTestId("account-email").waitFor();
});

test("the code is heard letter by letter, and selected and copied as it is", async () => {
  await sight.show("code");
  const code = page.getByRole("definition").first();
  expect(await code.ariaSnapshot()).toContain("W D J B dash M J H T");
  expect(await code.ariaSnapshot()).not.toContain("WDJB-MJHT");
  await page.getByTestId("user-code").click();
  expect(await page.evaluate(() => getSelection()?.toString().trim())).toBe("WDJB-MJHT");
  await page.getByTestId("copy-code").click();
  await page.getByRole("button", { name: "Copied" }).waitFor();
  expect(await status()).toBe("Code copied.");
  await page.context().grantPermissions(["clipboard-read"]);
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe("WDJB-MJHT");
});

test("the picture is dark on light in both themes, with its margin", async () => {
  for (const theme of ["light", "dark"] as const) {
    const other = await place.open({ theme });
    await other.show("code");
    const colours = await other.page.getByTestId("qr").evaluate((one) => [...one.children].map((part) => getComputedStyle(part).fill));
    expect(colours).toEqual(["oklch(1 0 0)", "oklch(0.2 0.012 215)"]);
    await other.page.context().close();
  }
});

test("a code that has expired is followed by a new one with one press", async () => {
  await page.context().close();
  sight = await place.open({ frozen: true, stopped: true });
  page = sight.page;
  await sight.show("signed-out");
  await page.getByTestId("sign-in-with-code").click();
  await page.clock.runFor(1_000);
  await page.getByTestId("cancel").click();
  expect(await page.getByTestId("sign-in-with-code").textContent()).toBe("Get a new code");
  await page.getByTestId("sign-in").click();
  await page.getByTestId("cancel").click();
  expect(await page.getByTestId("sign-in-with-code").textContent()).toBe("Sign in with a code");

  await sight.show("code");
  await page.clock.runFor(600_000);
  expect(await page.getByTestId("problem").textContent()).toContain("The code was not used in time.");
});

test("a code is offered where the browser fails, and where the provider has it", async () => {
  await sight.show("waiting-no-browser");
  await page.getByTestId("with-code").click();
  await page.getByTestId("user-code").waitFor();
  await sight.show("waiting");
  await page.getByTestId("stuck").locator("summary").click();
  await page.getByTestId("with-code").click();
  await page.getByTestId("user-code").waitFor();
  await sight.show("port-taken");
  await page.getByTestId("problem-with-code").click();
  await page.getByTestId("user-code").waitFor();
  await sight.show("signed-out");
  await page.getByTestId("profile-orders").click();
  await page.getByTestId("sign-in").waitFor();
  expect(await page.getByTestId("sign-in-with-code").count()).toBe(0);
});

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
const focused = () => page.evaluate(() => document.activeElement?.getAttribute("data-testid"));

test("a build that asks nobody has no updates in Settings", async () => {
  await sight.show("signed-in");
  await at("settings").click();
  await at("settings-version").waitFor();
  expect(await at("settings-updates").count()).toBe(0);
});

test("looking is off until it is switched on, and can be done by a press", async () => {
  await sight.show("update-unknown");
  expect(await at("update-note").count()).toBe(0);
  await at("settings").click();
  const box = at("settings-look-for-updates");
  expect(await box.isChecked()).toBe(false);
  await box.check();
  expect(await box.isChecked()).toBe(true);
  await at("update-look").click();
  await at("update-look").and(page.locator("[aria-disabled=true]")).waitFor();
  await at("update-install").waitFor();
  expect(await at("update-known").textContent()).toBe("Looked for a newer version just now.");
});

test("installing asks first, with the answer that changes nothing in focus, and Esc leaves", async () => {
  await sight.show("update-found-closes");
  await at("update-install").focus();
  await page.keyboard.press("Enter");
  const question = page.getByRole("alertdialog", { name: "Install Doorkey 1.3.0?" });
  await question.waitFor();
  expect(await focused()).toBe("update-leave");
  expect(await question.textContent()).toContain("Then Doorkey closes, is replaced, and starts again.");
  expect(await question.textContent()).toContain("“flyte-staging” and “orders” are kept in memory only");
  await page.keyboard.press("Escape");
  await question.waitFor({ state: "detached" });
  expect(await focused()).toBe("update-install");
});

test("an update goes from the note to the restart, and a download can be cancelled", async () => {
  await sight.show("update-found");
  await at("update-install").click();
  await at("update-agree").click();
  await at("update-cancel").click();
  await at("update-install").click();
  await at("update-agree").click();
  await at("update-progress").filter({ hasText: "of 9.4 MB" }).waitFor();
  await at("update-restart").waitFor();
  await page.getByRole("status").filter({ hasText: "Doorkey 1.3.0 is installed." }).waitFor();
  await at("update-restart").click();
  await at("update-note").waitFor({ state: "detached" });
});

test("a restart that would break a sign-in off says so in the note, and the sign-in goes on", async () => {
  await sight.show("update-installed");
  await at("sign-in").click();
  await at("update-restart").click();
  await at("update-note").filter({ hasText: "Finish or cancel it" }).waitFor();
  expect(await at("problem").count()).toBe(0);
  await at("account-name").waitFor();
});

test("later and skip put the note away, and Settings keep it", async () => {
  for (const leave of ["update-later", "update-skip"]) {
    await sight.show("update-found");
    await at(leave).click();
    await at("update-note").waitFor({ state: "detached" });
    await at("settings").click();
    await at("update-install").waitFor();
    expect(await at("update-skip").count()).toBe(0);
  }
});

test("a package comes with the command that installs it", async () => {
  await sight.show("update-saved");
  expect(await at("update-file").textContent()).toBe("sudo apt install ~/Downloads/doorkey-1.3.0-x86_64.deb");
  await sight.show("update-saved-elsewhere");
  expect(await at("update-file").textContent()).toBe("doorkey-1.3.0-x86_64.deb");
});

test("what a server writes of a version stays text", async () => {
  await sight.show("update-hostile");
  await at("update-notes").locator("summary").click();
  const notes = await at("update-notes").textContent();
  expect(notes).toContain("<img src=x onerror=");
  expect(notes).not.toContain("\u202e");
  expect(await page.locator('[data-testid="update-note"] a, [data-testid="update-note"] img').count()).toBe(0);
});

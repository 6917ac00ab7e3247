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

const status = () => page.locator('p[role="status"].unseen-text').textContent();
const focused = () => page.evaluate(() => document.activeElement?.getAttribute("data-testid") ?? document.activeElement?.tagName);

test("a running call can be cancelled, and the focus is not lost", async () => {
  await sight.show("signed-in");
  await page.getByTestId("tab-api").click();
  await page.getByTestId("api-path").fill("/silent");
  await page.getByTestId("api-send").click();
  await page.getByTestId("api-cancel").focus();
  await page.keyboard.press("Enter");
  await page.getByTestId("api-problem").waitFor();
  expect(await page.getByTestId("api-problem").getAttribute("class")).toContain("info");
  expect(await focused()).toBe("api-send");
  await page.getByTestId("api-path").fill("/api/me");
  await page.getByTestId("api-send").click();
  await page.getByTestId("api-status").waitFor();
});

test("a request is copied as a command, and sends nothing", async () => {
  await sight.show("signed-in");
  await page.getByTestId("tab-api").click();
  await page.getByTestId("api-copy-curl").click();
  await page.getByRole("button", { name: "Copied" }).waitFor();
  expect(await status()).toBe("Command copied.");
  expect(await page.getByTestId("api-status").count()).toBe(0);
});

test("of a large answer only what is in sight is drawn, wherever it is scrolled, and all of it can be copied", async () => {
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await sight.show("signed-in");
  await page.getByTestId("tab-api").click();
  // Many lines, one endless line, and more lines than can be stacked.
  for (const [path, first, last] of [["/large", /^\[\s*\{\s*"id": 0,/, /"id": 39999,[^{}]*\}\s*\]$/], ["/line", /^"y+/, /y"$/], ["/many", /^\[\s*0,/, /0\s*\]$/]] as const) {
    await page.getByTestId("api-path").fill(path);
    await page.getByTestId("api-send").click();
    await page.getByTestId("api-status").waitFor();
    const body = page.locator('[data-testid="api-body"][aria-busy="false"]');
    await body.waitFor();
    expect((await body.textContent())!.trim()).toMatch(first);
    let drawn = 0;
    for (const share of [0, 0.01, 0.5, 1]) {
      await body.evaluate((one, share) => one.scrollTo(0, one.scrollHeight * share), share);
      await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
      drawn = Math.max(drawn, await body.evaluate((one) => one.querySelectorAll("*").length));
      const covered = await body.evaluate((one) => {
        const [pane, rows] = [one, one.querySelector("pre")!].map((each) => each.getBoundingClientRect()) as [DOMRect, DOMRect];
        // Before the first row and after the last one is a margin, less than a row high.
        const row = one.querySelector(".row")!.getBoundingClientRect().height;
        return rows.top < pane.top + row && rows.bottom > pane.bottom - row;
      });
      expect(covered).toBe(true);
    }
    expect(drawn).toBeLessThan(250);
    expect((await body.textContent())!.trim()).toMatch(last);
  }
  await page.getByTestId("api-path").fill("/large");
  await page.getByTestId("api-send").click();
  await page.locator('[data-testid="api-size"]', { hasText: "4.6 MB" }).waitFor();
  await page.getByTestId("api-copy-body").click();
  await page.getByRole("button", { name: "Copied" }).waitFor();
  expect(await status()).toBe("Body copied.");
  const copied = JSON.parse(await page.evaluate(() => navigator.clipboard.readText())) as unknown[];
  expect(copied.length).toBe(40_000);
});

test("a large answer is scrolled by keyboard alone", async () => {
  await sight.show("signed-in");
  await page.getByTestId("tab-api").click();
  await page.getByTestId("api-path").fill("/large");
  await page.getByTestId("api-send").click();
  const body = page.locator('[data-testid="api-body"][aria-busy="false"]');
  await body.focus();
  expect(await body.getAttribute("aria-label")).toBe("Answer body, 240,002 lines");
  await page.keyboard.press("End");
  await body.getByText('"Row 39999"').waitFor();
  await page.keyboard.press("Home");
  await body.getByText('"Row 0"').waitFor();
});

test("the last requests are laid out, sent again and forgotten", async () => {
  await sight.show("signed-in-long");
  await page.getByTestId("tab-api").click();
  expect(await page.getByTestId("calls").getByRole("listitem").count()).toBe(50);
  await page.getByTestId("call-49").click();
  await page.getByTestId("api-stripped").waitFor();
  expect(await page.getByTestId("api-method").inputValue()).toBe("POST");
  expect(await page.getByTestId("api-path").inputValue()).toBe("/api/v1/executions");
  expect(await page.getByTestId("call-49").getAttribute("aria-current")).toBe("true");
  await page.getByTestId("api-send").click();
  await page.getByTestId("api-status").waitFor();
  expect(await status()).toBe("Answer: 201 Created.");
  expect(await page.getByTestId("api-stripped").count()).toBe(0);
  expect(await page.getByTestId("call-51").getAttribute("aria-current")).toBe("true");
  expect(await page.getByTestId("call-51").innerText()).toMatch(/POST \/api\/v1\/executions\s+201\s+just now, 38 ms/);

  await page.getByTestId("api-path").fill("/offline");
  await page.getByTestId("api-send").click();
  await page.getByTestId("api-problem").waitFor();
  await page.getByTestId("call-51").click();
  await page.getByTestId("api-status").waitFor();
  await page.getByTestId("call-52").click();
  await page.getByTestId("api-problem").waitFor();

  await page.getByTestId("calls-forget").click();
  await page.getByTestId("calls-forgetting").waitFor();
  expect(await focused()).toBe("calls-keep");
  await page.keyboard.press("Escape");
  expect(await focused()).toBe("calls-forget");
  await page.getByTestId("calls-forget").click();
  await page.getByTestId("calls-forget-confirm").click();
  await page.getByTestId("calls").waitFor({ state: "detached" });
  expect(await focused()).toBe("api-path");
  expect(await status()).toBe("The last requests are forgotten.");
  expect(await page.getByTestId("api-problem").count()).toBe(0);
});

test("a request that is laid out from far down the list comes into sight", async () => {
  await page.setViewportSize({ width: 420, height: 680 });
  await sight.show("signed-in-long");
  await page.getByTestId("tab-api").click();
  await page.getByTestId("call-3").click();
  await page.getByTestId("api-forgotten").waitFor();
  const { top } = await page.getByTestId("api-path").evaluate((field) => field.getBoundingClientRect());
  expect(top).toBeGreaterThan(0);
  expect(top).toBeLessThan(400);
  expect(await status()).toBe("The request is laid out. Its answer is not kept any more.");
});

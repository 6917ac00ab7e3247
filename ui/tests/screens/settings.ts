import type { Page } from "playwright-core";
import { presets } from "../../src/lib/backend/browser/presets";
import type { Screen } from "./stage";

const openSettings = (page: Page) => page.locator('[data-testid="settings"]:visible, [data-testid="settings-narrow"]:visible').first().click();
const press = (page: Page, testid: string) => page.getByTestId(testid).click();
const menu = async (page: Page, profile: string, item: string) => {
  await press(page, `profile-more-${profile}`);
  await press(page, item);
};
const more = (page: Page) => page.getByTestId("profile-advanced").locator("summary").click();

/** What there is to do in Settings to get to what is looked at. */
const inSettings: Screen[] = [
  { name: "settings", state: "signed-in" },
  { name: "settings-bare-desktop", state: "settings-bare-desktop" },
  { name: "settings-locked", state: "locked" },
  { name: "settings-no-keychain", state: "signed-in-memory" },
  { name: "settings-unusable", state: "unusable" },
  { name: "settings-hostile", state: "hostile", reach: (page) => page.getByTestId("profile-row-hostile").scrollIntoViewIfNeeded() },
  { name: "settings-menu", state: "signed-in", reach: (page) => press(page, "profile-more-flyte-staging") },
  { name: "settings-menu-last", state: "signed-in", reach: (page) => press(page, "profile-more-orders") },
  {
    name: "settings-tested-keychain",
    state: "signed-in",
    async reach(page) {
      await press(page, "keychain-test");
      await page.getByText("Written and read back at").waitFor();
    },
  },
  {
    name: "settings-untested-keychain",
    state: "settings-bare-desktop",
    async reach(page) {
      await press(page, "keychain-test");
      await page.getByText("did not take").waitFor();
    },
  },
  {
    name: "settings-refused",
    state: "settings-read-only",
    async reach(page) {
      await page.getByTestId("settings-theme").selectOption("light");
      await page.getByTestId("settings-theme").selectOption("dark");
      await press(page, "settings-start-at-login");
      await page.getByText("cannot be saved").nth(1).waitFor();
    },
  },
  {
    name: "settings-wrong-browser",
    state: "signed-in",
    async reach(page) {
      await page.getByTestId("settings-browser").selectOption({ label: "A command…" });
      await page.getByTestId("settings-browser-command").fill("nowhere --private");
      await page.keyboard.press("Enter");
      await page.getByText("There is no program").waitFor();
    },
  },
  ...["unknown", "looking", "newest", "offline", "found", "untrusted", "hostile"].map((state) => ({
    name: `settings-update-${state}`,
    state: `update-${state}`,
    reach: (page: Page) => page.getByTestId("settings-updates").evaluate((one) => one.scrollIntoView({ block: "end" })),
  })),
  { name: "profile-new", state: "signed-in", reach: (page) => press(page, "profile-add") },
  {
    name: "profile-new-oauth2",
    state: "signed-in",
    async reach(page) {
      await press(page, "profile-add");
      await page.getByTestId("field-preset").selectOption("oauth2");
      await more(page);
    },
  },
  ...presets.map(({ id }) => ({
    name: `profile-preset-${id}`,
    state: "signed-in",
    async reach(page: Page) {
      await press(page, "profile-add");
      await page.getByTestId("field-preset").selectOption(id);
      // A Flyte cluster tells itself which redirect URI it knows.
      await page.getByTestId(id === "flyte" ? "setup-rule" : "setup-uri-1").waitFor();
    },
  })),
  {
    name: "profile-preset-caution",
    state: "signed-in",
    async reach(page) {
      await press(page, "profile-add");
      await page.getByTestId("field-preset").selectOption("adfs");
      await page.getByTestId("setup-uri-3").scrollIntoViewIfNeeded();
    },
  },
  {
    name: "profile-new-passport-more",
    state: "signed-in",
    async reach(page) {
      await press(page, "profile-add");
      await page.getByTestId("field-preset").selectOption("passport");
      await more(page);
      await page.getByTestId("field-templates").fill("GET /api/user Who am I\nPOST /api/orders Place an order\n {}");
      await page.getByTestId("field-templates").scrollIntoViewIfNeeded();
    },
  },
  {
    name: "profile-secret",
    state: "signed-in",
    async reach(page) {
      await press(page, "profile-add");
      await page.getByTestId("field-preset").selectOption("google");
      await page.getByTestId("field-client_secret").fill("hidden while it is typed");
      await page.getByTestId("field-client_secret").scrollIntoViewIfNeeded();
    },
  },
  {
    name: "profile-secret-kept",
    state: "signed-in",
    async reach(page) {
      await press(page, "profile-edit-orders");
      await more(page);
      await page.getByTestId("field-client_secret-kept").scrollIntoViewIfNeeded();
    },
  },
  {
    name: "profile-secret-replaced",
    state: "signed-in",
    async reach(page) {
      await press(page, "profile-edit-orders");
      await more(page);
      await press(page, "field-client_secret-replace");
    },
  },
  {
    name: "profile-secret-unknown",
    state: "locked",
    async reach(page) {
      await press(page, "profile-edit-orders");
      await more(page);
      await page.getByTestId("field-client_secret-unknown").scrollIntoViewIfNeeded();
    },
  },
  { name: "profile-import", state: "signed-in", reach: (page) => press(page, "profile-import") },
  {
    name: "profile-import-refused",
    state: "signed-in",
    async reach(page) {
      await press(page, "profile-import");
      await page.getByTestId("import-text").fill('issuer = "https://login.example.com"\nclient_secret = "x"');
      await press(page, "import-go");
      await page.getByText("is a secret").waitFor();
    },
  },
  {
    name: "profile-imported",
    state: "signed-in",
    async reach(page) {
      await press(page, "profile-import");
      await page.getByTestId("import-text").fill('issuer = "https://login.example.com"\nbrowser = "firefox %s"');
      await press(page, "import-go");
      await page.getByTestId("profile-imported").waitFor();
    },
  },
  { name: "profile-share", state: "signed-in", reach: (page) => menu(page, "orders", "profile-share") },
  {
    name: "profile-share-saved",
    state: "signed-in",
    async reach(page) {
      await menu(page, "flyte-staging", "profile-share");
      await press(page, "shared-save");
      await page.getByTestId("shared-saved").waitFor();
    },
  },
  { name: "profile-edit", state: "signed-in", reach: (page) => press(page, "profile-edit-flyte-staging") },
  {
    name: "profile-edit-more",
    state: "signed-in",
    async reach(page) {
      await press(page, "profile-edit-orders");
      await more(page);
      await press(page, "field-authorization_parameters-add");
      await page.getByTestId("field-authorization_parameters-name-1").fill("audience");
      await page.getByTestId("field-browser").selectOption({ label: "A command…" });
      await page.getByTestId("field-authorization_parameters-add").scrollIntoViewIfNeeded();
    },
  },
  {
    name: "profile-refused",
    state: "signed-in",
    async reach(page) {
      await press(page, "profile-edit-flyte-staging");
      await page.getByTestId("field-api").fill("http://flyte.acme.example");
      await press(page, "profile-save");
      await page.getByText("A token never travels").waitFor();
    },
  },
  {
    name: "profile-refused-whole",
    state: "signed-in",
    async reach(page) {
      await press(page, "profile-edit-orders");
      await page.getByTestId("field-name").fill("unwritable");
      await press(page, "profile-save");
      await page.getByTestId("profile-refusal").waitFor();
    },
  },
  {
    name: "profile-unsaved",
    state: "signed-in",
    async reach(page) {
      await press(page, "profile-edit-orders");
      await page.getByTestId("field-name").fill("orders-live");
      await press(page, "profile-cancel");
      await page.getByTestId("profile-discard").scrollIntoViewIfNeeded();
    },
  },
  {
    name: "profile-testing",
    state: "signed-in",
    async reach(page) {
      await press(page, "profile-edit-orders");
      await page.getByTestId("field-name").fill("silent");
      await press(page, "profile-test-form");
      await page.getByTestId("profile-testing").waitFor();
    },
  },
  {
    name: "profile-tested",
    state: "signed-in",
    async reach(page) {
      await menu(page, "flyte-staging", "profile-test");
      await page.getByTestId("check-3-remedy").waitFor();
    },
  },
  {
    name: "profile-tested-failed",
    state: "signed-in",
    async reach(page) {
      await menu(page, "orders", "profile-test");
      await page.getByTestId("check-1-remedy").waitFor();
      await page.getByTestId("field-name").fill("orders-live");
      await page.getByTestId("profile-checks-stale").waitFor();
      await page.locator("main").evaluate((one) => one.scrollTo(0, 0));
    },
  },
  { name: "profile-removal", state: "signed-in", reach: (page) => menu(page, "flyte-staging", "profile-remove") },
  {
    name: "profile-added",
    state: "signed-in",
    async reach(page) {
      await menu(page, "orders", "profile-duplicate");
      await press(page, "profile-save");
      await page.getByTestId("profiles-show").waitFor();
    },
  },
];

/** The screens of Settings. */
export const settings: Screen[] = inSettings.map((screen) => ({
  ...screen,
  async reach(page) {
    await openSettings(page);
    await screen.reach?.(page);
  },
}));

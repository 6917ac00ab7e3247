import { expect, test } from "vitest";
import { chosenBrowser, systemDefault, written } from "./browsers";

const browsers = [
  { name: "Firefox", command: "firefox", default: true },
  { name: "Chromium", command: "chromium", default: false },
];

test("a browser is chosen by its command, and any other command is a written one", () => {
  expect(["", "chromium", "chromium --incognito"].map((command) => chosenBrowser(command, browsers))).toEqual(["", "1", written]);
});

test("the system's default is named where it is known", () => {
  expect(systemDefault(browsers)).toBe("System default (Firefox)");
  expect(systemDefault([])).toBe("System default");
});

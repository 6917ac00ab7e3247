import { expect, test } from "vitest";
import type { UpdatesView } from "../backend/generated/UpdatesView";
import { agreement, ending, installCommand, known, progress, title } from "./words";

const updates: UpdatesView = {
  automatic: false,
  host: "updates.example.com",
  asked: null,
  method: "inPlace",
  stands: { state: "unknown" },
  release: null,
  note: false,
  problem: null,
  signsOut: [],
};
const release = { version: "2.0.0", notes: "" };

test("each state of an update has its title, and without one there is none", () => {
  expect(title(updates)).toBe(null);
  const of = (stands: UpdatesView["stands"], change: Partial<UpdatesView> = {}) => title({ ...updates, release, stands, ...change });
  expect(of({ state: "found" })).toBe("Doorkey 2.0.0 is available");
  expect(of({ state: "looking" })).toBe("Doorkey 2.0.0 is available");
  expect(of({ state: "downloading", received: 0, size: null })).toBe("Downloading Doorkey 2.0.0");
  expect(of({ state: "downloaded" })).toBe("Doorkey 2.0.0 is ready to be installed");
  expect(of({ state: "installing" })).toBe("Installing Doorkey 2.0.0");
  expect(of({ state: "installing" }, { method: "package" })).toBe("Saving Doorkey 2.0.0");
  expect(of({ state: "installed" })).toBe("Doorkey 2.0.0 is installed");
  expect(of({ state: "saved", file: "a.deb", folder: "Downloads" })).toBe("Doorkey 2.0.0 is in your folder Downloads");
});

test("what is known is one sentence", () => {
  const now = Date.UTC(2026, 10, 22, 12);
  expect(known(updates, now)).toBe("Nobody has looked for a newer version yet.");
  expect(known({ ...updates, asked: now - 6 * 60_000 }, now)).toBe("Looked for a newer version 6 min ago.");
  expect(known({ ...updates, asked: now, stands: { state: "newest" } }, now)).toBe("This is the newest version. Looked just now.");
  expect(known({ ...updates, stands: { state: "looking" }, release }, now)).toBe("Looking for a newer version…");
  expect(known({ ...updates, asked: now, release, stands: { state: "found" } }, now)).toBe("Looked for a newer version just now.");
});

test("progress is told with or without the whole", () => {
  expect(progress(4_000_000, 8_000_000)).toBe("4 MB of 8 MB");
  expect(progress(4_000_000, null)).toBe("4 MB so far");
});

test("nobody agrees to a password, and closing is said before", () => {
  expect(agreement("closes").text).toContain("Doorkey closes");
  expect(agreement("package")).toMatchObject({ title: "Download", agree: "Download" });
  expect(agreement("inPlace").text).toContain("you choose when to restart it");
});

test("a sign-in that ends with a restart is named", () => {
  expect(ending([])).toBe("");
  expect(ending(["work"])).toContain("“work”");
  expect(ending(["a", "b", "c"])).toContain("“a”, “b” and “c”");
});

test("a package comes with the command that installs it, unless a shell would read more in it", () => {
  expect(installCommand("doorkey-2.0.0-x86_64.deb", "Downloads")).toBe("sudo apt install ~/Downloads/doorkey-2.0.0-x86_64.deb");
  expect(installCommand("doorkey-2.0.0-x86_64.rpm", "Downloads")).toBe("sudo dnf install ~/Downloads/doorkey-2.0.0-x86_64.rpm");
  expect(installCommand("doorkey.deb", "My downloads")).toBe(null);
  expect(installCommand("doorkey.deb; rm -r x", "Downloads")).toBe(null);
  expect(installCommand("doorkey.AppImage", "Downloads")).toBe(null);
});

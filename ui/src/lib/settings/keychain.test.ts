import { expect, test } from "vitest";
import type { Backend } from "../backend/backend";
import type { KeychainReport } from "../backend/generated/KeychainReport";
import { KeychainWatch } from "./keychain.svelte";

const report = (stands: KeychainReport["stands"], tested: number | null = null): KeychainReport => ({ stands, name: "GNOME Keyring", sentence: "", tested });
const watch = (parts: Partial<Backend>) => new KeychainWatch(parts as Backend);

test("that it was tested is remembered while it is ready", async () => {
  const answers = [report("ready"), report("locked"), report("ready")];
  const one = watch({ keychainState: async () => answers.shift()!, testKeychain: async () => report("ready", 7) });
  await one.test();
  await one.look();
  expect(one.report).toEqual(report("ready", 7));
  await one.look();
  await one.look();
  expect(one.report).toEqual(report("ready"));
});

test("a test overtakes a look, and the late look changes nothing", async () => {
  let late: (report: KeychainReport) => void = () => {};
  const one = watch({ keychainState: () => new Promise((resolve) => (late = resolve)), testKeychain: async () => report("ready", 7) });
  const look = one.look();
  await one.test();
  late(report("absent"));
  await look;
  expect(one.report).toEqual(report("ready", 7));
  expect(one.asked).toBeNull();
});

test("nothing overtakes what a person asked for", async () => {
  const asked: string[] = [];
  let answer: (report: KeychainReport) => void = () => {};
  const one = watch({
    keychainState: async () => (asked.push("state"), report("locked")),
    unlockKeychain: () => (asked.push("unlock"), new Promise((resolve) => (answer = resolve))),
  });
  const unlock = one.unlock();
  await one.look();
  expect([asked, one.asked]).toEqual([["unlock"], "unlock"]);
  answer(report("ready"));
  await unlock;
  expect(one.report?.stands).toBe("ready");
});

test("a refusal is told, and what was known stays", async () => {
  const problem = { code: "keychain_timeout", message: "No answer.", hint: "Try again.", field: null };
  const one = watch({ keychainState: async () => report("ready"), testKeychain: () => Promise.reject(problem) });
  await one.look();
  await one.test();
  expect([one.problem, one.report?.stands, one.asked]).toEqual([problem, "ready", null]);
});

import { expect, test } from "vitest";
import type { Backend } from "../backend/backend";
import { Sharing } from "./sharing.svelte";

const full = { code: "file_error", message: "The disk is full.", hint: "Make room.", field: null };

test("a profile is laid out, written and shown, and a failure leaves it laid out", async () => {
  const written = [Promise.reject(full), Promise.resolve({ file: "work.toml", folder: "Downloads" })];
  const one = new Sharing({
    shareProfile: async (name) => ({ text: `# ${name}`, leftOut: [] }),
    exportProfile: () => written.shift()!,
  } as Partial<Backend> as Backend);
  await one.begin("work");
  expect([one.profile, one.shared?.text]).toEqual(["work", "# work"]);
  await one.save();
  expect([one.problem, one.saved, one.profile]).toEqual([full, null, "work"]);
  await one.save();
  expect([one.problem, one.saved?.file]).toEqual([null, "work.toml"]);
  one.end();
  expect([one.profile, one.shared, one.saved]).toEqual([null, null, null]);
});

test("a profile that cannot be read is told, and nothing is laid out", async () => {
  const one = new Sharing({ shareProfile: () => Promise.reject(full) } as Partial<Backend> as Backend);
  await one.begin("work");
  expect([one.profile, one.problem]).toEqual([null, full]);
});

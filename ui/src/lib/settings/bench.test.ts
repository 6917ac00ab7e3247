import { expect, test } from "vitest";
import type { Backend } from "../backend/backend";
import type { ProfileForm } from "../backend/generated/ProfileForm";
import { Bench, benchOf } from "./bench.svelte";

const presets = [{ id: "oidc", title: "OpenID Connect", about: "", fields: [], setup: { steps: [], redirectRule: "", caution: "", revokes: true, endsSession: true } }];
const refusal = { code: "profile_exists", message: "There is one.", hint: "Choose another name.", field: "name" };

function bench(parts: Partial<Backend> = {}) {
  const asked: string[] = [];
  const one = new Bench({
    presets: async () => presets,
    profileForm: async (name: string): Promise<ProfileForm> => ({ name, preset: "oidc", values: [] }),
    saveProfile: async ({ name }: ProfileForm, replaces: string | null) => void asked.push(`save ${name}, replaces ${replaces}`),
    selectProfile: async (name: string) => void asked.push(`select ${name}`),
    removeProfile: async (name: string) => void asked.push(`remove ${name}`),
    ...parts,
  } as Backend);
  return { bench: one, asked };
}

test("a new profile starts with the first preset, and is chosen once it is saved", async () => {
  const { bench: one, asked } = bench();
  expect(await one.add()).toBe(true);
  expect(one.work?.draft.form).toEqual({ name: "", preset: "oidc", values: [] });
  one.work!.draft.name = "work";
  expect(await one.save()).toBe(true);
  expect(asked).toEqual(["save work, replaces null", "select work"]);
  expect(one.work).toBeNull();
  expect(one.done).toEqual({ what: "added", profile: "work" });
});

test("an edited profile takes the place of the old one, and the choice stays as it is", async () => {
  const { bench: one, asked } = bench();
  await one.edit("work");
  one.work!.draft.name = "play";
  await one.save();
  expect(asked).toEqual(["save play, replaces work"]);
  expect(one.done).toEqual({ what: "changed", profile: "play" });
});

test("a copy is a new profile under a free name", async () => {
  const { bench: one, asked } = bench();
  await one.duplicate("work", ["work", "work-2"]);
  expect(one.work?.draft.dirty).toBe(false);
  await one.save();
  expect(asked).toEqual(["save work-3, replaces null", "select work-3"]);
});

test("a refused profile stays on the bench as it was written", async () => {
  const { bench: one, asked } = bench({ saveProfile: () => Promise.reject(refusal) });
  await one.add();
  one.work!.draft.name = "work";
  expect(await one.save()).toBe(false);
  expect(one.work?.draft.form.name).toBe("work");
  expect(one.work?.draft.refused).toBe("name");
  expect([one.saving, one.done, asked]).toEqual([false, null, []]);
});

test("a profile that cannot be read is told, and nothing is begun", async () => {
  const { bench: one } = bench({ profileForm: () => Promise.reject({ ...refusal, field: null }) });
  expect(await one.edit("work")).toBe(false);
  expect(one.problem?.code).toBe("profile_exists");
  expect(one.work).toBeNull();
});

test("a profile that cannot be read begins empty, under its name, and takes the place of the file", async () => {
  const { bench: one, asked } = bench({ profileForm: () => Promise.reject(refusal) });
  expect(await one.rewrite("work", refusal)).toBe(true);
  expect(one.work?.draft.form).toEqual({ name: "work", preset: "oidc", values: [] });
  expect(one.work?.draft.unread).toEqual(refusal);
  await one.save();
  expect(asked).toEqual(["save work, replaces work"]);
});

test("a profile that was not removed is not said to be", async () => {
  const { bench: one } = bench({ removeProfile: () => Promise.reject({ ...refusal, field: null }) });
  expect(await one.remove("work")).toBe(false);
  expect([one.removing, one.done, one.problem?.code]).toEqual([null, null, "profile_exists"]);
});

test("a profile is tested as it is written", async () => {
  const tested: ProfileForm[] = [];
  const { bench: one } = bench({ testProfile: async (form) => (tested.push(form), []) });
  await one.edit("work");
  one.work!.draft.name = "other";
  await one.test();
  expect(tested.map(({ name }) => name)).toEqual(["other"]);
  expect(one.work?.trial.outcome.kind).toBe("done");
});

test("leaving the view and coming back finds the same bench", () => {
  const [here, there] = [{} as Backend, {} as Backend];
  expect(benchOf(here)).toBe(benchOf(here));
  expect(benchOf(here)).not.toBe(benchOf(there));
});

test("what was imported gets a free name, is no change yet, and a refusal begins nothing", async () => {
  const imported = { form: { name: "work", preset: "oidc", values: [] }, leftOut: [{ field: "browser", why: "It is a command." }] };
  const answers = [Promise.resolve(imported), Promise.reject(refusal)];
  const { bench: one } = bench({ importProfile: () => answers.shift()! });
  expect(await one.import("x", null, ["work"])).toBeNull();
  expect([one.work?.draft.name, one.work?.draft.leftOut, one.work?.draft.dirty]).toEqual(["work-2", imported.leftOut, false]);
  one.clear();
  expect(await one.import("y", null, [])).toEqual(refusal);
  expect([one.work, one.problem]).toEqual([null, null]);
});

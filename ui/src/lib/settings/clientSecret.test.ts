import { expect, test } from "vitest";
import type { Backend } from "../backend/backend";
import { Bench } from "./bench.svelte";
import { ClientSecret, lastsShortly } from "./clientSecret.svelte";

const locked = { code: "keychain_locked", message: "The keychain is locked.", hint: "Unlock it.", field: "client_secret" };
const secretField = { name: "client_secret", label: "", help: "", example: "", required: false, advanced: false, kind: { kind: "secret" } as const };
const setup = { steps: [], redirectRule: "", caution: "", revokes: true, endsSession: true };

function bench(parts: Partial<Backend>) {
  const asked: string[] = [];
  const one = new Bench({
    presets: async () => [{ id: "google", title: "Google", about: "", fields: [secretField], setup }],
    saveProfile: async (form, replaces) => void asked.push(`save ${JSON.stringify(form)}, replaces ${replaces}`),
    selectProfile: async () => {},
    keepClientSecret: async (profile, secret) => {
      asked.push(`keep ${secret} of ${profile}`);
      return { kept: true, memoryOnly: null };
    },
    ...parts,
  } as Partial<Backend> as Backend);
  return { one, asked };
}

test("a secret is kept once the profile is saved, and is in no form", async () => {
  const { one, asked } = bench({});
  await one.add();
  const { draft } = one.work!;
  draft.name = "shop";
  draft.secret = "canary";
  expect(draft.dirty).toBe(true);
  expect(JSON.stringify(draft.form)).not.toContain("canary");
  expect(await one.save()).toBe(true);
  expect(asked).toEqual(['save {"name":"shop","preset":"google","values":[]}, replaces null', "keep canary of shop"]);
  expect(draft.secret).toBe("");
});

test("a secret that is refused stays with the profile, which is saved by then", async () => {
  const { one, asked } = bench({ keepClientSecret: () => Promise.reject(locked) });
  await one.add();
  const { draft } = one.work!;
  draft.name = "shop";
  draft.secret = "canary";
  expect(await one.save()).toBe(false);
  expect([draft.replaces, draft.refused, draft.secret]).toEqual(["shop", "client_secret", "canary"]);
  expect(await one.save()).toBe(false);
  expect(asked[1]).toContain("replaces shop");
  one.clear();
  expect(draft.secret).toBe("");
});

test("whether one is kept is known, or why not, and it can be forgotten", async () => {
  const answers = [Promise.resolve({ kept: true, memoryOnly: null }), Promise.reject(locked)];
  const secret = new ClientSecret(
    { clientSecret: () => answers.shift()!, forgetClientSecret: async () => ({ kept: false, memoryOnly: null }) } as Partial<Backend> as Backend,
    "shop",
  );
  expect(secret.kept).toBeNull();
  await secret.look();
  expect(secret.kept).toBe(true);
  await secret.look();
  expect(secret.problem).toEqual(locked);
  await secret.forget();
  expect([secret.kept, secret.problem]).toEqual([false, null]);
});

test("a secret that nothing keeps says so", () => {
  expect(lastsShortly({ kept: true, memoryOnly: null })).toBeNull();
  expect(lastsShortly({ kept: true, memoryOnly: "There is no keychain." })).toBe("Its client secret is kept until Doorkey quits. There is no keychain.");
});

import { expect, test, vi } from "vitest";
import type { Backend } from "../backend/backend";
import type { KeychainReport } from "../backend/generated/KeychainReport";
import type { View } from "../backend/generated/View";
import { beginning } from "../backend/browser/story";
import { Store } from "./store.svelte";

const problem = { code: "offline", message: "Not reached.", hint: "Try again.", field: null };

function store(parts: Partial<Backend> = {}) {
  return new Store(parts as Backend);
}

test("subscribes first, then asks", async () => {
  const order: string[] = [];
  const one = store({
    subscribe: async () => {
      order.push("subscribe");
      return () => {};
    },
    view: async () => {
      order.push("view");
      return beginning();
    },
  });
  one.connect();
  await vi.waitFor(() => expect(one.view).not.toBeNull());
  expect(order).toEqual(["subscribe", "view"]);
});

test("an older view never replaces a newer one", () => {
  const one = store();
  const newer: View = { ...beginning(), revision: 7, selected: "orders" };
  one.accept(newer);
  one.accept({ ...beginning(), revision: 6 });
  one.accept({ ...beginning(), revision: 7 });
  expect(one.view).toBe(newer);
  expect(one.profile?.name).toBe("orders");
});

test("a window that cannot reach the program says so", async () => {
  const one = store({ subscribe: () => Promise.reject(problem) });
  one.connect();
  await vi.waitFor(() => expect(one.problem).toEqual(problem));
});

test("a rejected command is shown until the next one", async () => {
  const one = store({ refresh: () => Promise.reject(problem), cancelSignIn: () => Promise.resolve() });
  expect(await one.ask((backend) => backend.refresh())).toBe(false);
  expect(one.problem).toEqual(problem);
  expect(await one.ask((backend) => backend.cancelSignIn())).toBe(true);
  expect(one.problem).toBeNull();
});

test("a rejection of its own is dismissed without asking", () => {
  const one = store();
  one.accept(beginning());
  one.rejection = problem;
  one.dismiss();
  expect(one.problem).toBeNull();
});

test("trying again refreshes who is signed in, and signs in who is not", () => {
  const asked: string[] = [];
  const one = store({
    refresh: async () => void asked.push("refresh"),
    signIn: async (profile) => void asked.push(`sign in to ${profile}`),
  });
  one.accept(beginning());
  one.retry();
  one.accept({ ...beginning(), revision: 2, session: { state: "signedIn" } as View["session"] });
  one.retry();
  expect(asked).toEqual(["sign in to demo", "refresh"]);
});

test("a problem of the keychain goes when it opens, and says why it did not", async () => {
  const report = { stands: "locked", name: null, sentence: "You closed its window.", tested: null };
  const one = store({ unlockKeychain: async () => report as KeychainReport });
  one.rejection = { ...problem, code: "keychain_locked" };
  await one.unlockFor(one.rejection);
  expect(one.problem).toMatchObject({ code: "keychain_locked", message: "You closed its window." });
  report.stands = "ready";
  await one.unlockFor(one.problem!);
  expect(one.problem).toBeNull();
});

test("giving up a link for a port cancels first, and only then signs in", async () => {
  const asked: string[] = [];
  const one = store({
    cancelSignIn: async () => void asked.push("cancel"),
    signInOverLoopback: async (profile) => void asked.push(`loopback for ${profile}`),
  });
  one.accept(beginning());
  await one.startOverLoopback();
  expect(asked).toEqual(["cancel", "loopback for demo"]);
});

test("giving up the browser for a code cancels first, and only then asks for one", async () => {
  const asked: string[] = [];
  const one = store({
    cancelSignIn: async () => void asked.push("cancel"),
    signInWithCode: async (profile) => void asked.push(`code for ${profile}`),
  });
  one.accept(beginning());
  await one.startWithCode();
  expect(asked).toEqual(["cancel", "code for demo"]);
});

test("who had a code last gets another one, in that profile alone and until they choose otherwise", () => {
  const asked: string[] = [];
  const one = store({ signIn: async () => void asked.push("browser"), signInWithCode: async () => void asked.push("code") });
  one.accept(beginning());
  one.signInAgain();
  one.signInWithCode();
  one.signInAgain();
  one.accept({ ...beginning(), revision: 2, selected: "orders" });
  expect(one.codeFirst).toBe(false);
  one.signInAgain();
  one.signInAgain();
  expect(asked).toEqual(["browser", "code", "code", "browser", "browser"]);
});

import { expect, test } from "vitest";
import type { Backend } from "../backend/backend";
import type { CheckOutcome } from "../backend/generated/CheckOutcome";
import type { CheckView } from "../backend/generated/CheckView";
import { heard, Trial } from "./trial.svelte";

const form = { name: "work", preset: "oidc", values: [] };
const check = (outcome: CheckOutcome): CheckView => ({ title: "Provider answers", outcome, seen: "", remedy: "" });

/** A trial whose results come when the test says so. */
function held() {
  const waiting: { resolve: (checks: CheckView[]) => void; reject: (reason: unknown) => void }[] = [];
  const testProfile = () => new Promise<CheckView[]>((resolve, reject) => waiting.push({ resolve, reject }));
  return { trial: new Trial({ testProfile } as Partial<Backend> as Backend), waiting };
}

test("shows what was found, and for which form", async () => {
  const { trial, waiting } = held();
  const run = trial.run(form);
  expect(trial.outcome.kind).toBe("running");
  waiting[0]!.resolve([check("ok")]);
  expect(await run).toBeNull();
  expect(trial.outcome).toEqual({ kind: "done", checks: [check("ok")], form: JSON.stringify(form) });
});

test("a result that was not waited for changes nothing", async () => {
  const { trial, waiting } = held();
  const run = trial.run(form);
  trial.leave();
  waiting[0]!.resolve([check("ok")]);
  expect(await run).toBeNull();
  expect(trial.outcome).toEqual({ kind: "none" });
});

test("a form that cannot be tested says why, unless it was left", async () => {
  const { trial, waiting } = held();
  const problem = { code: "profile_invalid", message: "No issuer.", hint: "Add one.", field: "issuer" };
  const first = trial.run(form);
  waiting[0]!.reject(problem);
  expect(await first).toEqual(problem);
  const second = trial.run(form);
  trial.leave();
  waiting[1]!.reject(problem);
  expect(await second).toBeNull();
});

test("a result is told by its worst", () => {
  expect(heard([check("ok"), check("warning"), check("failed")])).toBe("Tested: 1 of 3 failed.");
  expect(heard([check("ok"), check("warning")])).toBe("Tested: 1 of 2 to look at.");
  expect(heard([check("ok")])).toBe("Tested: everything is in order.");
});

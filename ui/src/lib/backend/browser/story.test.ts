import { expect, test } from "vitest";
import type { View } from "../generated/View";
import { states, stateNamed } from "./states";
import { after, beginning, type Happening } from "./story";

const now = 1_795_357_927_000;

function live(happenings: Happening[], from: View = beginning()): View {
  return happenings.reduce((view, happening) => after(view, happening, now), from);
}

const signIn: Happening[] = [{ kind: "signInAsked", profile: "demo" }, { kind: "codeArrived" }, { kind: "tokensArrived" }];

test("a sign-in goes through its states, and each is a new revision", () => {
  const passed = signIn.map((_, index) => live(signIn.slice(0, index + 1)));
  expect(passed.map(({ session }) => session.state)).toEqual(["waitingForBrowser", "exchanging", "signedIn"]);
  expect(passed.map(({ revision }) => revision)).toEqual([2, 3, 4]);
  expect(passed.map(({ flow }) => flow?.steps.length)).toEqual([7, 9, 13]);
  expect(passed.map(({ flow }) => flow?.summary.outcome)).toEqual(["running", "running", "done"]);
  expect(passed.map(({ profiles }) => profiles[0]?.stands)).toEqual(["waitingForBrowser", "exchanging", "signedIn"]);
});

test("an answer after a cancel changes nothing", () => {
  const cancelled = live([signIn[0]!, { kind: "cancelled" }]);
  expect(cancelled.session.state).toBe("signedOut");
  expect(live([{ kind: "codeArrived" }, { kind: "tokensArrived" }], cancelled)).toBe(cancelled);
});

test("a refusal tells a problem and the step that failed", () => {
  const refused = live([signIn[0]!, { kind: "codeArrived" }, { kind: "tokensRefused" }]);
  expect(refused.problem?.code).toBe("invalid_grant");
  expect(refused.flow?.steps.at(-1)?.failure).not.toBeNull();
  expect(refused.profiles[0]?.stands).toBe("failed");
});

test("signing out reports, and the next sign-in clears the report", () => {
  const out = live([...signIn, { kind: "signOutAsked" }, { kind: "signedOut", endSession: true }]);
  expect(out.signedOut?.sessionEnded).toEqual({ result: "done" });
  expect(live([signIn[0]!], out).signedOut).toBeNull();
});

test("a refresh moves the time on, and brings other tokens", () => {
  const before = live(signIn);
  const refreshed = live([{ kind: "refreshAsked" }, { kind: "refreshed" }], before);
  expect(refreshed.session).toMatchObject({ state: "signedIn", refreshing: false, freshUntil: now + 3_600_000 });
  expect(refreshed.tokenGeneration).toBe(before.tokenGeneration + 1);
  expect(refreshed.flows.map(({ kind }) => kind)).toEqual(["refresh", "signIn"]);
});

test("time runs out only while waiting", () => {
  expect(live([signIn[0]!, { kind: "timeIsUp" }]).problem?.code).toBe("timed_out");
  const done = live(signIn);
  expect(live([{ kind: "timeIsUp" }], done)).toBe(done);
});

test("a profile keeps the session that its line speaks of", () => {
  const other = live([...signIn, { kind: "selected", profile: "flyte-staging" }]);
  expect(other.session).toMatchObject({ state: "signedIn", account: { name: "Grace Okafor" } });
  expect(live([{ kind: "selected", profile: "demo" }], other).session).toMatchObject({ state: "signedIn", account: { name: "Ada Moreno" } });
});

test("a locked keychain opens to the session that was in it", () => {
  const locked = stateNamed("locked", now);
  expect(locked.profiles[0]?.stands).toBe("unknown");
  expect(live([{ kind: "unlocked" }], locked).session.state).toBe("signedIn");
  expect(live([signIn[0]!], locked).session.state).toBe("waitingForBrowser");
});

test("ten flows and fifty calls are kept, the newest first", () => {
  const refresh: Happening[] = [{ kind: "refreshAsked" }, { kind: "refreshed" }];
  const busy = live([...signIn, ...Array.from({ length: 12 }, () => refresh).flat()]);
  expect(busy.flows.map(({ id }) => id)).toEqual([13, 12, 11, 10, 9, 8, 7, 6, 5, 4]);
  const called = Array.from({ length: 60 }, (_, id): Happening => ({
    kind: "called", call: { id, at: now, method: "GET", path: "/", status: 200, failure: null, millis: 1 },
  }));
  expect(live(called).calls.map(({ id }) => id)).toEqual(Array.from({ length: 50 }, (_, index) => 59 - index));
});

test("steps are numbered from 1 without gaps, in time", () => {
  for (const name of Object.keys(states)) {
    const steps = stateNamed(name, now).flow?.steps ?? [];
    expect(steps.map(({ number }) => number)).toEqual(steps.map((_, index) => index + 1));
    expect(steps.map(({ at }) => at)).toEqual(steps.map(({ at }) => at).toSorted((one, other) => one - other));
  }
});

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
  expect(passed.map(({ flow }) => flow.length)).toEqual([7, 9, 13]);
});

test("an answer after a cancel changes nothing", () => {
  const cancelled = live([signIn[0]!, { kind: "cancelled" }]);
  expect(cancelled.session.state).toBe("signedOut");
  expect(live([{ kind: "codeArrived" }, { kind: "tokensArrived" }], cancelled)).toBe(cancelled);
});

test("a refusal tells a problem and the step that failed", () => {
  const refused = live([signIn[0]!, { kind: "codeArrived" }, { kind: "tokensRefused" }]);
  expect(refused.problem?.code).toBe("invalid_grant");
  expect(refused.flow.at(-1)?.failure).not.toBeNull();
});

test("signing out reports, and the next sign-in clears the report", () => {
  const out = live([...signIn, { kind: "signOutAsked" }, { kind: "signedOut", endSession: true }]);
  expect(out.signedOut?.sessionEnded).toEqual({ result: "done" });
  expect(live([signIn[0]!], out).signedOut).toBeNull();
});

test("a refresh moves the time on", () => {
  const refreshed = live([...signIn, { kind: "refreshAsked" }, { kind: "refreshed" }]);
  expect(refreshed.session).toMatchObject({ state: "signedIn", refreshing: false, freshUntil: now + 3_600_000 });
});

test("time runs out only while waiting", () => {
  expect(live([signIn[0]!, { kind: "timeIsUp" }]).problem?.code).toBe("timed_out");
  const done = live(signIn);
  expect(live([{ kind: "timeIsUp" }], done)).toBe(done);
});

test("steps are numbered from 1 without gaps, in time", () => {
  for (const name of Object.keys(states)) {
    const { flow } = stateNamed(name, now);
    expect(flow.map(({ number }) => number)).toEqual(flow.map((_, index) => index + 1));
    expect(flow.map(({ at }) => at)).toEqual(flow.map(({ at }) => at).toSorted((one, other) => one - other));
  }
});

import { expect, test } from "vitest";
import type { SessionView } from "../backend/generated/SessionView";
import { ada, hostile, unnamed } from "../backend/browser/accounts";
import { beginning, signedIn } from "../backend/browser/story";
import { announcement, mark, personName, shortly, underWay } from "./words";

const waiting = { state: "waitingForBrowser", since: 0, deadline: 1, browserOpened: true } as const;
const sessions: SessionView[] = [
  { state: "signedOut" },
  { state: "restoring" },
  waiting,
  { state: "exchanging" },
  signedIn(0),
  { state: "signingOut" },
  { state: "expired", account: ada },
];
const problem = { code: "offline", message: "", hint: "" };

test("every state has words of its own", () => {
  expect(new Set(sessions.map((session) => shortly({ ...beginning(), session }))).size).toBe(sessions.length);
  expect(new Set(sessions.map(announcement)).size).toBe(sessions.length);
});

test("restoring is never said to be signed out", () => {
  const view = { ...beginning(), session: { state: "restoring" } as const };
  expect([shortly(view), announcement(view.session)].join(" ")).not.toMatch(/signed out/i);
  expect(mark(view)).toBe("wait");
});

test("a browser that did not open is announced", () => {
  expect(announcement({ ...waiting, browserOpened: false })).toBe("No browser opened. Copy the link.");
});

test("the dot of a failure has its words, and a cancelled sign-in is no failure", () => {
  expect(mark({ ...beginning(), problem })).toBe("failed");
  expect(shortly({ ...beginning(), problem })).toBe("Something went wrong");
  expect(mark({ ...beginning(), problem: { ...problem, code: "cancelled" } })).toBe("out");
});

test("somebody without a name is still somebody", () => {
  expect(personName(unnamed)).toBe("Somebody, unnamed");
  expect(personName(hostile)).not.toContain("\u202e");
});

test("only a session on its way has more steps to come", () => {
  expect(sessions.filter((session) => underWay(session)).map(({ state }) => state)).toEqual(["waitingForBrowser", "exchanging", "signingOut"]);
  expect(underWay({ ...signedIn(0), refreshing: true })).toBe("Refreshing");
});

import { expect, test } from "vitest";
import type { ProfileStands } from "../backend/generated/ProfileStands";
import type { SessionView } from "../backend/generated/SessionView";
import { hostile, unnamed } from "../backend/browser/accounts";
import { profiles, unusable } from "../backend/browser/profiles";
import { expired, signedIn, waiting, waitingForCode } from "../backend/browser/story";
import { announcement, mark, personName, shortly, spelled, underWay } from "./words";

const sessions: SessionView[] = [
  { state: "signedOut" },
  { state: "restoring" },
  waiting(0),
  waitingForCode(0),
  { state: "exchanging" },
  signedIn(0),
  { state: "signingOut" },
  expired(0),
];
const stands: ProfileStands[] = [...sessions.map(({ state }) => state), "unknown", "failed"];
const profile = profiles[0]!;
const keychain = { kind: "keychain" } as const;
const say = (session: SessionView) => announcement({ session, keychain });

test("every state has words of its own", () => {
  expect(new Set(stands.map((stands) => shortly({ ...profile, stands, account: "Ada" }))).size).toBe(stands.length);
  expect(new Set(sessions.map(say)).size).toBe(sessions.length);
});

test("what is not known is never said to be signed out", () => {
  for (const stands of ["restoring", "unknown"] as const) expect(shortly({ ...profile, stands })).not.toMatch(/signed out/i);
  expect(say({ state: "restoring" })).not.toMatch(/signed out/i);
  expect(announcement({ session: { state: "restoring" }, keychain: { kind: "locked", reason: "" } })).toBe("The keychain is locked.");
});

test("each step of the browser is announced, by its name if it has one", () => {
  expect(say(waiting(0, { browser: "starting" }))).toBe("Opening your browser.");
  expect(say(waiting(0))).toBe("Continue in Chromium.");
  expect(say(waiting(0, { browserName: null }))).toBe("Continue in your browser.");
  expect(say(waiting(0, { browser: "failed" }))).toBe("No browser opened. Copy the link.");
});

test("a code is announced letter by letter", () => {
  expect(say(waitingForCode(0, null))).toBe("Asking for a code.");
  expect(say(waitingForCode(0))).toBe("Type this code: W D J B dash M J H T.");
  expect(spelled("a1 \u202eb")).toBe("a 1 space \ufffd b");
});

test("a failure and a profile that cannot be used have dots and words of their own", () => {
  expect([mark({ ...profile, stands: "failed" }), shortly({ ...profile, stands: "failed" })]).toEqual(["failed", "Something went wrong"]);
  expect([mark(unusable), shortly(unusable)]).toEqual(["attention", "Cannot be used"]);
});

test("somebody without a name is still somebody", () => {
  expect(personName(unnamed)).toBe("Somebody, unnamed");
  expect(personName(hostile)).not.toContain("\u202e");
});

test("only a session on its way has more steps to come", () => {
  expect(sessions.filter((session) => underWay(session)).map(({ state }) => state)).toEqual(["waitingForBrowser", "waitingForCode", "exchanging", "signingOut"]);
  expect(underWay({ ...signedIn(0), refreshing: true })).toBe("Refreshing");
});

import type { CallSummary } from "../generated/CallSummary";
import type { CodeView } from "../generated/CodeView";
import type { KeychainView } from "../generated/KeychainView";
import type { ProfileStands } from "../generated/ProfileStands";
import type { ProfileView } from "../generated/ProfileView";
import type { SessionView } from "../generated/SessionView";
import type { SignOutReport } from "../generated/SignOutReport";
import type { View } from "../generated/View";
import qr from "../generated/examples/qr.json";
import { ada } from "./accounts";
import { begun, gone } from "./flows";
import { problem } from "./problems";
import { profiles } from "./profiles";
import { settings } from "./settings";
import { steps } from "./steps";

/** What can happen to the browser backend: what a person asks for, and what the world answers. */
export type Happening =
  | { kind: "selected"; profile: string }
  | { kind: "signInAsked"; profile: string; overLoopback?: boolean }
  | { kind: "codeAsked"; profile: string }
  | { kind: "codeIssued" }
  | { kind: "browserOpened" }
  | { kind: "cancelled" }
  | { kind: "codeArrived" }
  | { kind: "tokensArrived" }
  | { kind: "tokensRefused" }
  | { kind: "timeIsUp" }
  | { kind: "refreshAsked" }
  | { kind: "refreshed" }
  | { kind: "signOutAsked" }
  | { kind: "signedOut"; endSession: boolean }
  | { kind: "unlocked" }
  | { kind: "called"; call: CallSummary }
  | { kind: "callsForgotten" }
  | { kind: "changed"; change: Partial<View> }
  | { kind: "dismissed" };

type Waiting = SessionView & { state: "waitingForBrowser" };

const minute = 60_000;

/** How many calls of a profile are kept. */
const keptCalls = 50;

const keychain: KeychainView = { kind: "keychain" };

const refusal = problem(
  "invalid_grant",
  "The provider refused the code: it was redeemed before.",
  "Start again. A code is valid for a short time and for one use.",
);

const late = problem(
  "timed_out",
  "No answer came from the browser within 5 minutes.",
  "Start again, and finish in the browser before the time is up.",
);

const unused = problem("timed_out", "The code was not used in time.", "Start again, and type the new code before it expires.");

export function signedIn(now: number): SessionView & { state: "signedIn" } {
  return {
    state: "signedIn",
    account: ada,
    freshUntil: now + 54 * minute,
    refreshable: true,
    refreshing: false,
    scopes: ["openid", "profile", "email", "offline_access"],
    notGranted: [],
    canEndSession: true,
  };
}

export function waiting(since: number, change: Partial<Waiting> = {}): Waiting {
  return {
    state: "waitingForBrowser",
    since,
    deadline: since + 5 * minute,
    browser: "opened",
    browserName: "Chromium",
    channel: "loopback",
    pasteable: true,
    ...change,
  };
}

/** A sign-in with a code, which the provider has issued or is being asked for. */
export function waitingForCode(since: number, change: Partial<CodeView> | null = {}): SessionView & { state: "waitingForCode" } {
  return { state: "waitingForCode", since, code: change && { ...issued(since), ...change } };
}

function issued(since: number): CodeView {
  return {
    code: "WDJB-MJHT",
    address: "https://login.example.com/device",
    hereOnly: false,
    complete: true,
    picture: qr,
    deadline: since + 10 * minute,
    opened: null,
  };
}

export function expired(now: number): SessionView & { state: "expired" } {
  return { state: "expired", account: ada, at: now - 26 * minute, reason: "The provider no longer accepts the refresh token." };
}

export function report(endSession: boolean): SignOutReport {
  return {
    local: { result: "done" },
    revoked: { result: "done" },
    sessionEnded: endSession ? { result: "done" } : { result: "skipped", reason: "You chose to stay signed in at the provider." },
  };
}

/** The first view: nobody is signed in. */
export function beginning(): View {
  return {
    revision: 1,
    profiles,
    selected: "demo",
    session: { state: "signedOut" },
    problem: null,
    signedOut: null,
    keychain: { kind: "unknown" },
    flow: null,
    flows: [],
    calls: [],
    tokenGeneration: 0,
    settings,
    updates: null,
  };
}

/** The view after something happened. What cannot happen now changes nothing. */
export function after(view: View, happening: Happening, now: number): View {
  const change = changed(view, happening, now);
  return change ? settled({ ...view, ...change, revision: view.revision + 1 }) : view;
}

/** The view with the chosen profile's line in the picker saying what its session says. */
export function settled(view: View): View {
  const line = (profile: ProfileView): ProfileView =>
    profile.name === view.selected ? { ...profile, stands: standing(view), account: somebody(view) } : profile;
  return { ...view, profiles: view.profiles.map(line) };
}

function changed(view: View, happening: Happening, now: number): Partial<View> | null {
  const { session } = view;
  const quiet = { problem: null, signedOut: null };
  const others = { tokenGeneration: view.tokenGeneration + 1 };
  switch (happening.kind) {
    case "selected": {
      const profile = view.profiles.find(({ name }) => name === happening.profile);
      if (!profile || profile.name === view.selected) return null;
      return { ...quiet, ...others, selected: profile.name, session: sessionOf(profile, now), flow: null, flows: [], calls: [] };
    }
    case "signInAsked": {
      const profile = view.profiles.find(({ name }) => name === happening.profile);
      if (!profile || !["signedOut", "expired", "restoring"].includes(session.state)) return null;
      const channel = happening.overLoopback ? "loopback" : profile.channel;
      return {
        ...quiet,
        selected: profile.name,
        session: waiting(now, { browser: "starting", channel }),
        ...begun(view, "signIn", "running", steps.started(now)),
      };
    }
    case "codeAsked": {
      const profile = view.profiles.find(({ name }) => name === happening.profile);
      if (!profile || !["signedOut", "expired"].includes(session.state)) return null;
      return { ...quiet, selected: profile.name, session: waitingForCode(now, null), ...begun(view, "signIn", "running", steps.codeAsked(now)) };
    }
    case "codeIssued":
      if (session.state !== "waitingForCode") return null;
      return { session: waitingForCode(session.since), ...gone(view, "running", steps.codeShown(session.since)) };
    case "browserOpened":
      if (session.state === "waitingForCode") return session.code && { session: { ...session, code: { ...session.code, opened: true } } };
      return session.state === "waitingForBrowser" ? { session: { ...session, browser: "opened" } } : null;
    case "cancelled":
      if (!["waitingForBrowser", "waitingForCode", "exchanging"].includes(session.state)) return null;
      return { session: { state: "signedOut" }, ...gone(view, "cancelled") };
    case "codeArrived":
      if (session.state === "waitingForCode") return { session: { state: "exchanging" }, ...gone(view, "running", steps.codeTyped(session.since)) };
      if (session.state !== "waitingForBrowser") return null;
      return { session: { state: "exchanging" }, ...gone(view, "running", steps.answered(session.since)) };
    case "tokensArrived":
      if (session.state !== "exchanging") return null;
      return { ...others, session: signedIn(now), keychain, ...gone(view, "done", (byCode(view) ? steps.signedInByCode : steps.signedIn)(began(view, now))) };
    case "tokensRefused":
      if (session.state !== "exchanging") return null;
      return { session: { state: "signedOut" }, problem: refusal, ...gone(view, "failed", steps.refused(began(view, now))) };
    case "timeIsUp":
      if (session.state === "waitingForCode") return { session: { state: "signedOut" }, problem: unused, ...gone(view, "failed") };
      if (session.state !== "waitingForBrowser") return null;
      return { session: { state: "signedOut" }, problem: late, ...gone(view, "failed") };
    case "refreshAsked":
      if (session.state !== "signedIn") return null;
      return { ...quiet, session: { ...session, refreshing: true } };
    case "refreshed":
      if (session.state !== "signedIn" || !session.refreshing) return null;
      return {
        ...others,
        session: { ...session, refreshing: false, freshUntil: now + 60 * minute },
        ...begun(view, "refresh", "done", steps.refreshed(now)),
      };
    case "signOutAsked":
      if (session.state !== "signedIn") return null;
      return { ...quiet, session: { state: "signingOut" } };
    case "signedOut":
      if (session.state !== "signingOut") return null;
      return {
        ...others,
        session: { state: "signedOut" },
        signedOut: report(happening.endSession),
        ...begun(view, "signOut", "done", steps.signedOut(now)),
      };
    case "unlocked":
      if (view.keychain.kind !== "locked") return null;
      return { keychain, ...(session.state === "restoring" ? { ...others, session: signedIn(now) } : {}) };
    case "called":
      return { calls: [happening.call, ...view.calls].slice(0, keptCalls) };
    case "callsForgotten":
      return { calls: [] };
    case "changed":
      return happening.change;
    case "dismissed":
      return view.problem || view.signedOut ? quiet : null;
  }
}

function byCode({ flow }: View): boolean {
  return flow?.steps.some(({ label }) => label === "Show code and address") ?? false;
}

function began(view: View, now: number): number {
  return view.flow?.summary.started ?? now;
}

function standing({ session, keychain, problem }: View): ProfileStands {
  if (session.state === "restoring" && keychain.kind === "locked") return "unknown";
  if (session.state === "signedOut" && problem && problem.code !== "cancelled") return "failed";
  return session.state;
}

function somebody({ session }: View): string | null {
  return session.state === "signedIn" || session.state === "expired" ? session.account.name : null;
}

/** The session that a profile's line in the picker speaks of. */
function sessionOf({ stands, account }: ProfileView, now: number): SessionView {
  const name = account ?? ada.name;
  const initials = name.replace(/[^\p{Lu}]/gu, "");
  if (stands === "signedIn") return { ...signedIn(now), account: { ...ada, name, initials } };
  return stands === "expired" ? expired(now) : { state: "signedOut" };
}

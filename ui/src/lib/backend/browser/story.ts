import type { KeychainView } from "../generated/KeychainView";
import type { Problem } from "../generated/Problem";
import type { SessionView } from "../generated/SessionView";
import type { SignOutReport } from "../generated/SignOutReport";
import type { View } from "../generated/View";
import { ada } from "./accounts";
import { profiles } from "./profiles";
import { flows } from "./steps";

/** What can happen to the browser backend: what a person asks for, and what the world answers. */
export type Happening =
  | { kind: "selected"; profile: string }
  | { kind: "signInAsked"; profile: string }
  | { kind: "cancelled" }
  | { kind: "codeArrived" }
  | { kind: "tokensArrived" }
  | { kind: "tokensRefused" }
  | { kind: "timeIsUp" }
  | { kind: "refreshAsked" }
  | { kind: "refreshed" }
  | { kind: "signOutAsked" }
  | { kind: "signedOut"; endSession: boolean }
  | { kind: "dismissed" };

const minute = 60_000;

const keychain: KeychainView = { kind: "keychain" };

const refusal: Problem = {
  code: "invalid_grant",
  message: "The provider refused the code: it was redeemed before.",
  hint: "Start again. A code is valid for a short time and for one use.",
};

const late: Problem = {
  code: "timed_out",
  message: "No answer came from the browser within 5 minutes.",
  hint: "Start again, and finish in the browser before the time is up.",
};

export function signedIn(now: number): SessionView & { state: "signedIn" } {
  return {
    state: "signedIn",
    account: ada,
    freshUntil: now + 54 * minute,
    refreshable: true,
    refreshing: false,
    scopes: ["openid", "profile", "email", "offline_access"],
    canEndSession: true,
  };
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
    flow: [],
  };
}

/** The view after something happened. What cannot happen now changes nothing. */
export function after(view: View, happening: Happening, now: number): View {
  const change = changed(view, happening, now);
  return change ? { ...view, ...change, revision: view.revision + 1 } : view;
}

function changed(view: View, happening: Happening, now: number): Partial<View> | null {
  const { session } = view;
  const quiet = { problem: null, signedOut: null };
  switch (happening.kind) {
    case "selected":
      if (happening.profile === view.selected) return null;
      return { ...quiet, selected: happening.profile, session: { state: "signedOut" }, flow: [] };
    case "signInAsked":
      if (session.state !== "signedOut" && session.state !== "expired") return null;
      return {
        ...quiet,
        selected: happening.profile,
        session: { state: "waitingForBrowser", since: now, deadline: now + 5 * minute, browserOpened: true },
        flow: flows.started(now),
      };
    case "cancelled":
      if (session.state !== "waitingForBrowser" && session.state !== "exchanging") return null;
      return { session: { state: "signedOut" } };
    case "codeArrived":
      if (session.state !== "waitingForBrowser") return null;
      return { session: { state: "exchanging" }, flow: flows.answered(session.since) };
    case "tokensArrived":
      if (session.state !== "exchanging") return null;
      return { session: signedIn(now), keychain, flow: flows.signedIn(began(view, now)) };
    case "tokensRefused":
      if (session.state !== "exchanging") return null;
      return { session: { state: "signedOut" }, problem: refusal, flow: flows.refused(began(view, now)) };
    case "timeIsUp":
      if (session.state !== "waitingForBrowser") return null;
      return { session: { state: "signedOut" }, problem: late };
    case "refreshAsked":
      if (session.state !== "signedIn") return null;
      return { ...quiet, session: { ...session, refreshing: true } };
    case "refreshed":
      if (session.state !== "signedIn" || !session.refreshing) return null;
      return { session: { ...session, refreshing: false, freshUntil: now + 60 * minute }, flow: flows.refreshed(now) };
    case "signOutAsked":
      if (session.state !== "signedIn") return null;
      return { ...quiet, session: { state: "signingOut" } };
    case "signedOut":
      if (session.state !== "signingOut") return null;
      return { session: { state: "signedOut" }, signedOut: report(happening.endSession), flow: flows.signedOut(now) };
    case "dismissed":
      return view.problem || view.signedOut ? quiet : null;
  }
}

function began(view: View, now: number): number {
  return view.flow[0]?.at ?? now;
}

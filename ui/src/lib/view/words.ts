import type { AccountView } from "../backend/generated/AccountView";
import type { ProfileView } from "../backend/generated/ProfileView";
import type { SessionView } from "../backend/generated/SessionView";
import type { View } from "../backend/generated/View";
import { foreign } from "../text/foreign";

/** Which dot stands beside a profile. */
export type Mark = "out" | "wait" | "in" | "attention" | "failed";

export function mark({ stands, unusable }: ProfileView): Mark {
  if (unusable) return "attention";
  switch (stands) {
    case "signedIn":
      return "in";
    case "expired":
      return "attention";
    case "failed":
      return "failed";
    case "signedOut":
    case "unknown":
      return "out";
    case "restoring":
    case "waitingForBrowser":
    case "waitingForCode":
    case "exchanging":
    case "signingOut":
      return "wait";
  }
}

/** How a profile's session stands in two or three words, for the picker. */
export function shortly({ stands, account, unusable }: ProfileView): string {
  if (unusable) return "Cannot be used";
  switch (stands) {
    case "unknown":
      return "Not known yet";
    case "signedOut":
      return "Signed out";
    case "failed":
      return "Something went wrong";
    case "restoring":
      return "Restoring";
    case "waitingForBrowser":
      return "Waiting for the browser";
    case "waitingForCode":
      return "Waiting for the code";
    case "exchanging":
      return "Finishing the sign-in";
    case "signedIn":
      return called(account ?? "");
    case "signingOut":
      return "Signing out";
    case "expired":
      return "Sign in again";
  }
}

/** The change as one sentence, for those who hear the window instead of seeing it. */
export function announcement({ session, keychain }: Pick<View, "session" | "keychain">): string {
  switch (session.state) {
    case "signedOut":
      return "Signed out.";
    case "restoring":
      return keychain.kind === "locked" ? "The keychain is locked." : "Looking for your last sign-in.";
    case "waitingForBrowser":
      return waitingFor(session);
    case "waitingForCode":
      return session.code ? `Type this code: ${spelled(session.code.code)}.` : "Asking for a code.";
    case "exchanging":
      return "Finishing the sign-in.";
    case "signedIn":
      return session.refreshing ? "Refreshing." : `Signed in as ${personName(session.account)}.`;
    case "signingOut":
      return "Signing out.";
    case "expired":
      return "The sign-in has ended. Sign in again.";
  }
}

function waitingFor({ browser, browserName }: SessionView & { state: "waitingForBrowser" }): string {
  if (browser === "starting") return "Opening your browser.";
  return browser === "opened" ? `Continue in ${browserCalled(browserName)}.` : "No browser opened. Copy the link.";
}

/** A code letter by letter, for those who hear it: as a word it would be guessed at. */
export function spelled(code: string): string {
  return [...foreign(code, 64)].map((letter) => spokenSigns.get(letter) ?? letter).join(" ");
}

const spokenSigns = new Map([["-", "dash"], ["_", "underscore"], [".", "dot"], [" ", "space"]]);

/** What to call the browser in a sentence. */
export function browserCalled(name: string | null): string {
  return name ? foreign(name, 40) : "your browser";
}

/** What to call a person. Plain OAuth servers may not say. */
export function personName(account: AccountView): string {
  return called(account.name);
}

function called(name: string): string {
  return foreign(name, 120) || "Somebody, unnamed";
}

/** Whether the session is on its way somewhere, so that more of its flow is to come. */
export function underWay(session: SessionView): string | null {
  switch (session.state) {
    case "waitingForBrowser":
      return session.browser === "starting" ? "Opening the browser" : "Waiting for your answer in the browser";
    case "waitingForCode":
      return session.code ? "Waiting until you have typed the code" : "Asking for a code";
    case "exchanging":
      return "Finishing the sign-in";
    case "signingOut":
      return "Signing out";
    case "signedIn":
      return session.refreshing ? "Refreshing" : null;
    default:
      return null;
  }
}

import type { AccountView } from "../backend/generated/AccountView";
import type { SessionView } from "../backend/generated/SessionView";
import type { View } from "../backend/generated/View";
import { foreign } from "../text/foreign";

/** Which dot stands beside a session. */
export type Mark = "out" | "wait" | "in" | "attention" | "failed";

export function mark(view: View): Mark {
  switch (view.session.state) {
    case "signedIn":
      return "in";
    case "expired":
      return "attention";
    case "signedOut":
      return view.problem && view.problem.code !== "cancelled" ? "failed" : "out";
    case "restoring":
    case "waitingForBrowser":
    case "exchanging":
    case "signingOut":
      return "wait";
  }
}

/** How the session stands in two or three words, for the picker. */
export function shortly(view: View): string {
  const { session } = view;
  switch (session.state) {
    case "signedOut":
      return mark(view) === "failed" ? "Something went wrong" : "Signed out";
    case "restoring":
      return "Restoring";
    case "waitingForBrowser":
      return "Waiting for the browser";
    case "exchanging":
      return "Finishing the sign-in";
    case "signedIn":
      return personName(session.account);
    case "signingOut":
      return "Signing out";
    case "expired":
      return "Sign in again";
  }
}

/** The change as one sentence, for those who hear the window instead of seeing it. */
export function announcement(session: SessionView): string {
  switch (session.state) {
    case "signedOut":
      return "Signed out.";
    case "restoring":
      return "Looking for your last sign-in.";
    case "waitingForBrowser":
      return session.browserOpened ? "Continue in your browser." : "No browser opened. Copy the link.";
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

/** What to call a person. Plain OAuth servers may not say. */
export function personName(account: AccountView): string {
  return foreign(account.name, 120) || "Somebody, unnamed";
}

/** Whether the session is on its way somewhere, so that more of its flow is to come. */
export function underWay(session: SessionView): string | null {
  switch (session.state) {
    case "waitingForBrowser":
      return "Waiting for your answer in the browser";
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

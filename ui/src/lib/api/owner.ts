import type { View } from "../backend/generated/View";

/**
 * Whose request and answer the API view may show: a profile, and the person signed in there. Null
 * while that is being decided, so that signing in again as the same person keeps what they wrote.
 */
export function owner(view: View): string | null {
  const { session, selected } = view;
  switch (session.state) {
    case "signedIn":
    case "expired":
      return JSON.stringify([selected, session.account.subject, session.account.name]);
    case "signedOut":
      return JSON.stringify([selected]);
    default:
      return null;
  }
}

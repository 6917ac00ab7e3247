import type { KeychainStands } from "../backend/generated/KeychainStands";
import type { ProfileView } from "../backend/generated/ProfileView";
import { shortly } from "../view/words";

/** Words in a pill, and how they look. */
export interface Pill {
  words: string;
  look: "plain" | "ok" | "caution" | "danger";
}

/** How a profile stands, in a word or two. Who is signed in stands elsewhere. */
export function profilePill(profile: ProfileView): Pill {
  if (profile.unusable) return { words: shortly(profile), look: "danger" };
  switch (profile.stands) {
    case "signedIn":
      return { words: "Signed in", look: "ok" };
    case "expired":
      return { words: shortly(profile), look: "caution" };
    case "failed":
      return { words: shortly(profile), look: "danger" };
    default:
      return { words: shortly(profile), look: "plain" };
  }
}

/** How the keychain is, in a word or three. */
export function keychainPill(stands: KeychainStands): Pill {
  switch (stands) {
    case "ready":
      return { words: "Ready", look: "ok" };
    case "locked":
      return { words: "Locked", look: "caution" };
    case "neverSetUp":
      return { words: "Never set up", look: "caution" };
    case "absent":
      return { words: "None here", look: "caution" };
  }
}

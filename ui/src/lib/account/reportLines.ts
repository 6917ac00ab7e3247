import type { SignOutReport } from "../backend/generated/SignOutReport";
import type { SignOutStep } from "../backend/generated/SignOutStep";
import type { IconName } from "../parts/Icon.svelte";
import { foreign } from "../text/foreign";

/** One line of a sign-out's report. */
export interface Line {
  result: SignOutStep["result"];
  icon: IconName;
  what: string;
  why: string;
}

const icons: Record<SignOutStep["result"], IconName> = { done: "ok", skipped: "kept", failed: "warn" };

/** A sign-out's report in plain words, in the order in which it happens. */
export function told(report: SignOutReport, provider: string): Line[] {
  return [
    line(report.local, {
      done: ["Removed from this computer", "The session is gone from the keychain."],
      skipped: ["Nothing to remove from this computer", ""],
      failed: ["Not yet removed from this computer", ""],
    }),
    line(report.revoked, {
      done: [`Revoked at ${provider}`, "The refresh token no longer works anywhere."],
      skipped: [`Not revoked at ${provider}`, ""],
      failed: [`${provider} could not be told`, ""],
    }),
    line(report.sessionEnded, {
      done: ["Signed out in the browser", "The next sign-in asks who you are."],
      skipped: ["Not signed out in the browser", ""],
      failed: ["The browser may still be signed in", ""],
    }),
  ];
}

type Words = Record<SignOutStep["result"], [what: string, why: string]>;

function line(step: SignOutStep, words: Words): Line {
  const [what, why] = words[step.result];
  return { result: step.result, icon: icons[step.result], what, why: step.result === "done" ? why : foreign(step.reason) };
}

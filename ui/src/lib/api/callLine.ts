import type { CallSummary } from "../backend/generated/CallSummary";
import { elapsed } from "../time/duration";
import { ago } from "../time/instant";

/** What became of a call, in a word. */
export interface CallResult {
  word: string;
  mark: "ok" | "bad" | "stopped";
}

const failures: Record<string, string> = {
  cancelled: "stopped",
  network_timeout: "timed out",
  offline: "offline",
};

/** The status of the answer, or why there was none. */
export function callResult({ status, failure }: CallSummary): CallResult {
  if (status !== null) return { word: String(status), mark: status >= 400 ? "bad" : "ok" };
  const word = failure !== null && Object.hasOwn(failures, failure) ? failures[failure]! : "failed";
  return { word, mark: failure === "cancelled" ? "stopped" : "bad" };
}

/** When it was made and how long it took: `2 min ago, 38 ms`. */
export function callTime({ at, millis }: CallSummary, now: number, locale?: string): string {
  return `${ago(at, now, locale)}, ${elapsed(millis)}`;
}

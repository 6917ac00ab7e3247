import type { View } from "../generated/View";
import { problem } from "./problems";

const expected = /^(http:\/\/127\.0\.0\.1:53412\/callback)?\?.*\bstate=right\b/;

const notReady = problem("not_ready", "No sign-in is waiting.", "Start one first.");

const stray = problem(
  "authorization_response_invalid",
  "The pasted text is not the address that this sign-in waits for.",
  "Copy everything in the browser's address bar, from http:// to the end, and paste that.",
);

/** Throws the problem with a pasted text, unless it is the answer that the view waits for. */
export function judge(view: View, text: string) {
  if (view.session.state !== "waitingForBrowser") throw notReady;
  if (!expected.test(text.trim())) throw stray;
}

import { expect, test } from "vitest";
import type { FlowOutcome } from "../backend/generated/FlowOutcome";
import type { FlowStep } from "../backend/generated/FlowStep";
import { steps } from "../backend/browser/steps";
import { callBegins, flowLine, verdict } from "./judge";

const flow = (outcome: FlowOutcome, taken: FlowStep[]) => ({ summary: { id: 1, kind: "signIn" as const, started: 0, outcome }, steps: taken });

test("what failed names its step, if one is to blame", () => {
  expect(verdict(flow("failed", steps.refused(0)), null)).toEqual({ mark: "danger", text: "Failed at step 10" });
  expect(verdict(flow("failed", steps.started(0)), null)).toEqual({ mark: "danger", text: "Failed" });
});
test("what is under way is named", () => {
  expect(verdict(flow("running", steps.started(0)), "Waiting")).toEqual({ mark: "now", text: "Waiting" });
  expect(verdict(flow("running", steps.started(0)), null).text).toBe("Happening now");
});
test("what is over is timed, without the call that came later", () => {
  expect(verdict(flow("done", steps.signedIn(5_000)), null)).toEqual({ mark: "done", text: "Done in 4.1 s" });
  expect(verdict(flow("done", steps.withCall(5_000)), null).text).toBe("Done in 4.1 s");
  expect(verdict(flow("done", steps.started(0).slice(0, 1)), null).text).toBe("Done in 0 ms");
});
test("what the person broke off is no failure, even when a step was lost with it", () => {
  expect(verdict(flow("cancelled", steps.refused(0)), null)).toEqual({ mark: "told", text: "Cancelled" });
});

test("a line of the list names the flow, when it was, and how it ended unless that is as hoped", () => {
  const now = new Date(2026, 10, 22, 14, 32).getTime();
  const line = (outcome: FlowOutcome) => flowLine({ id: 1, kind: "signIn", started: now, outcome }, now, "en-GB");
  expect(["done", "running", "failed", "cancelled"].map((one) => line(one as FlowOutcome))).toEqual([
    "Sign-in, today 14:32",
    "Sign-in, today 14:32, happening now",
    "Sign-in, today 14:32, failed",
    "Sign-in, today 14:32, cancelled",
  ]);
});

test("a call behind a flow begins at its first step, and a flow that is one has none behind it", () => {
  const withCall = steps.withCall(0);
  expect(callBegins(withCall)).toBe(13);
  expect(callBegins(withCall.slice(13))).toBeNull();
  expect(callBegins(steps.signedIn(0))).toBeNull();
});

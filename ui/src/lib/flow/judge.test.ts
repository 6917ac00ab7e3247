import { expect, test } from "vitest";
import { steps } from "../backend/browser/steps";
import { verdict } from "./judge";

test("a failure outweighs everything", () => {
  expect(verdict(steps.refused(0), "Finishing the sign-in")).toEqual({ mark: "danger", text: "Failed at step 10" });
});
test("what is under way is named", () => {
  expect(verdict(steps.started(0), "Waiting")).toEqual({ mark: "now", text: "Waiting" });
});
test("what is over is counted and timed", () => {
  expect(verdict(steps.signedIn(5_000), null)).toEqual({ mark: "told", text: "13 steps in 4.1 s" });
  expect(verdict(steps.started(0).slice(0, 1), null).text).toBe("1 step in 0 ms");
});

import { expect, test } from "vitest";
import { asProblem } from "./problem";

test("a problem stays what it is", () => {
  const problem = { code: "offline", message: "Not reached.", hint: "Try again." };
  expect(asProblem(problem)).toBe(problem);
});

test.each([["command refresh not found"], [null], [undefined], [new Error("broken")], [{ code: 7, message: "x", hint: "y" }]])(
  "%s becomes a problem that repeats nothing of it",
  (reason) => expect(asProblem(reason)).toMatchObject({ code: "internal" }),
);

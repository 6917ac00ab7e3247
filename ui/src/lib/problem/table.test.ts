import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { knownCodes, treatment } from "./table";

const source = readFileSync(new URL("../../../../crates/doorkey-core/src/error.rs", import.meta.url), "utf8");
const codes = [...source.matchAll(/^ {4}[A-Z]\w+ = "([a-z_]+)",/gm)].map((match) => match[1]!);

test("every code of the engine has its row, and no row is without a code", () => {
  expect(codes.length).toBeGreaterThan(30);
  expect(knownCodes.toSorted()).toEqual(codes.toSorted());
});

test("offers only what can help", () => {
  expect(treatment("session_ended")).toEqual({ severity: "caution", action: "signIn" });
  expect(treatment("offline")).toEqual({ severity: "caution", action: "retry" });
  expect(treatment("issuer_mismatch")).toEqual({ severity: "danger", action: null });
});

test("what only tells where something is now is no failure", () => {
  expect(treatment("demo_moved").severity).toBe("info");
});

test("an unknown code is a failure with nothing to press, even one that every object knows", () => {
  for (const code of ["", "of_tomorrow", "toString", "__proto__"]) expect(treatment(code)).toEqual({ severity: "danger", action: null });
});

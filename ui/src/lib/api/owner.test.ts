import { expect, test } from "vitest";
import type { SessionView } from "../backend/generated/SessionView";
import { unnamed } from "../backend/browser/accounts";
import { beginning, expired, signedIn } from "../backend/browser/story";
import { owner } from "./owner";

const of = (session: SessionView, selected = "demo") => owner({ ...beginning(), session, selected });

test("a person keeps the desk while the session has expired", () => {
  expect(of(expired(0))).toBe(of(signedIn(0)));
});
test("nobody, somebody else and another profile are other owners", () => {
  const owners = [
    of(signedIn(0)),
    of({ state: "signedOut" }),
    of({ ...signedIn(0), account: unnamed }),
    of(signedIn(0), "orders"),
    of({ state: "signedOut" }, "orders"),
  ];
  expect(new Set(owners).size).toBe(owners.length);
});
test("while it is being decided nothing changes hands", () => {
  for (const state of ["restoring", "exchanging", "signingOut"] as const) expect(of({ state })).toBeNull();
});

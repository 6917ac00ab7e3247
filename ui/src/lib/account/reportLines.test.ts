import { expect, test } from "vitest";
import { told } from "./reportLines";

test("tells each of the three, in their order", () => {
  const lines = told(
    { local: { result: "done" }, revoked: { result: "failed", reason: "Offline." }, sessionEnded: { result: "skipped", reason: "Not wanted." } },
    "Okta",
  );
  expect(lines.map(({ what, why }) => [what, why])).toEqual([
    ["Removed from this computer", "The session is gone from the keychain."],
    ["Okta could not be told", "Offline."],
    ["Not signed out in the browser", "Not wanted."],
  ]);
});

test("never claims what did not happen", () => {
  const failed = { result: "failed", reason: "The keychain is locked." } as const;
  expect(told({ local: failed, revoked: failed, sessionEnded: failed }, "Okta")[0]).toMatchObject({
    what: "Not yet removed from this computer",
    why: "The keychain is locked.",
  });
});

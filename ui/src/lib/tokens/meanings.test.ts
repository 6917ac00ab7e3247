import { expect, test } from "vitest";
import { meaning } from "./meanings";

const known = "iss sub aud azp exp iat nbf auth_time nonce at_hash acr amr identity_provider jti scope client_id name preferred_username email email_verified picture typ alg kid";

test.each(known.split(" "))("%s is explained in one short sentence or two", (name) => {
  for (const token of ["id", "access"] as const) expect(meaning(name, token)).toMatch(/^[A-Z].{5,80}\.$/);
});

test("an audience is the app for one token, and the API for the other", () => {
  expect(meaning("aud", "id")).toBe("Who it is for: this app.");
  expect(meaning("aud", "access")).toBe("Which API it is for.");
});

test.each(["tier", "", "__proto__", "constructor", "toString", "ISS"])("“%s” is the provider's own", (name) => {
  expect(meaning(name, "id")).toBeNull();
});

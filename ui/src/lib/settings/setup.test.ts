import { expect, test } from "vitest";
import { aboutRedirect, Registration, signingOut } from "./setup.svelte";

const form = (uri: string) => ({ name: "", preset: "oidc", values: [{ field: "redirect_uri", value: uri }] });

test("a late answer to an earlier question is thrown away, and no answer is nothing", async () => {
  const waiting: ((uris: string[]) => void)[] = [];
  const one = new Registration(() => new Promise((resolve) => waiting.push(resolve)));
  const [first, second] = [one.look(form("one")), one.look(form("two"))];
  waiting[1]!(["two"]);
  waiting[0]!(["one"]);
  await Promise.all([first, second]);
  expect(one.uris).toEqual(["two"]);
  const refused = new Registration(() => Promise.reject(new Error("no")));
  await refused.look(form("one"));
  expect(refused.uris).toEqual([]);
});

test("only what is about redirect URIs is asked about", () => {
  const values = ["client_id", "redirect_uri", "redirect_ports", "scopes"].map((field) => ({ field, value: field }));
  expect(aboutRedirect({ name: "work", preset: "okta", values })).toEqual({ name: "", preset: "okta", values: values.slice(1, 3) });
});

test("what signing out can do has four answers", () => {
  const all = [true, false].flatMap((revokes) => [true, false].map((endsSession) => signingOut({ steps: [], redirectRule: "", caution: "", revokes, endsSession })));
  expect(new Set(all).size).toBe(4);
});

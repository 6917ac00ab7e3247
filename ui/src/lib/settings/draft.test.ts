import { expect, test } from "vitest";
import type { FieldView } from "../backend/generated/FieldView";
import type { PresetView } from "../backend/generated/PresetView";
import { Draft } from "./draft.svelte";

const field = (name: string, kind: FieldView["kind"] = { kind: "text" }): FieldView => ({
  name,
  label: name,
  help: "",
  example: "",
  required: false,
  advanced: false,
  kind,
});
const preset = (id: string, ...fields: FieldView[]): PresetView => ({ id, title: id, about: "", fields, setup: { steps: [], redirectRule: "", caution: "", revokes: true, endsSession: true } });

const presets = [
  preset("oidc", field("issuer"), field("client_id"), field("parameters", { kind: "pairs" })),
  preset("oauth2", field("token_endpoint"), field("client_id")),
];
const work = { name: "work", preset: "oidc", values: [{ field: "issuer", value: "https://a.example" }, { field: "client_id", value: "abc" }] };

const draft = () => new Draft(presets, work, "work");
const refusal = (about: string | null) => ({ code: "profile_invalid", message: "No.", hint: "", field: about });

test("begins as what was loaded, and clean", () => {
  const one = draft();
  expect(one.form).toEqual(work);
  expect(one.dirty).toBe(false);
});

test("is dirty while something is other than before, and clean again when it is back", () => {
  const one = draft();
  one.fill("issuer", "https://b.example");
  expect(one.dirty).toBe(true);
  one.fill("issuer", "https://a.example ");
  expect(one.dirty).toBe(false);
  one.name = "play";
  expect(one.dirty).toBe(true);
});

test("another preset keeps what both have, and loses nothing of the rest", () => {
  const one = draft();
  one.fill("client_id", "typed");
  one.choose("oauth2");
  one.fill("token_endpoint", "https://t.example");
  expect(one.form).toEqual({
    name: "work",
    preset: "oauth2",
    values: [{ field: "token_endpoint", value: "https://t.example" }, { field: "client_id", value: "typed" }],
  });
  one.choose("oidc");
  expect(one.form.values).toEqual([{ field: "issuer", value: "https://a.example" }, { field: "client_id", value: "typed" }]);
  one.choose("oauth2");
  expect(one.value("token_endpoint")).toBe("https://t.example");
});

test("spaces around are not sent, but those of a pair's value are", () => {
  const one = draft();
  one.name = " work ";
  one.fill("issuer", " https://a.example ");
  one.fill("parameters", "a= x ");
  expect(one.form).toEqual({ ...work, values: [...work.values, { field: "parameters", value: "a= x " }] });
});

test("a refusal stands at its field until that is changed", () => {
  const one = draft();
  one.refusal = refusal("issuer");
  expect(one.refused).toBe("issuer");
  one.fill("client_id", "x");
  expect(one.refused).toBe("issuer");
  one.fill("issuer", "x");
  expect(one.refusal).toBeNull();
});

test("a refusal of one value of several belongs to their field, and one of no field to none", () => {
  const one = draft();
  one.refusal = refusal("parameters.state");
  expect(one.refused).toBe("parameters");
  for (const about of [null, "token_endpoint", "toString"]) {
    one.refusal = refusal(about);
    expect(one.refused).toBeNull();
  }
});

test("a preset that nobody knows has no fields, and breaks nothing", () => {
  const one = new Draft(presets, { ...work, preset: "of_tomorrow" }, "work");
  expect(one.fields).toEqual([]);
  one.choose("oidc");
  expect(one.form).toEqual(work);
});

import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { knownCodes, treatment } from "./table";

const root = new URL("../../../../", import.meta.url);
const engine = codes(readFileSync(new URL("crates/doorkey-core/src/error.rs", root), "utf8"), /^ {4}[A-Z]\w+ = "([a-z_]+)",/gm);
const shell = codes(readAll(new URL("src-tauri/src/", root)), /\b(?:Problem|Self)::new\(\s*"([a-z_]+)",/g);

function codes(source: string, pattern: RegExp): string[] {
  return [...new Set([...source.matchAll(pattern)].map((match) => match[1]!))].toSorted();
}

function readAll(folder: URL): string {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".rs"));
  return files.map((name) => readFileSync(new URL(name, folder), "utf8")).join("\n");
}

test("every code of the engine has its row, and no row is without a code", () => {
  expect(engine.length).toBeGreaterThan(30);
  expect(knownCodes.engine.toSorted()).toEqual(engine);
});

test("so has every code that the shell adds", () => {
  const added = shell.filter((code) => !engine.includes(code));
  expect(added.length).toBeGreaterThan(3);
  expect(knownCodes.shell.toSorted()).toEqual(added);
});

test("offers only what can help", () => {
  expect(treatment("session_ended")).toMatchObject({ severity: "caution", action: "signIn" });
  expect(treatment("offline")).toMatchObject({ severity: "caution", action: "retry" });
  expect(treatment("issuer_mismatch")).toMatchObject({ severity: "danger", action: null });
});

test("where a link cannot come home, a port can", () => {
  for (const code of ["scheme_taken", "scheme_unavailable", "deep_link_unavailable"]) {
    expect(treatment(code)).toMatchObject({ severity: "caution", action: "overLoopback" });
  }
});

test("what is missing in a profile leads to its editor", () => {
  expect(treatment("client_secret_missing")).toMatchObject({ severity: "caution", action: "edit" });
});

test("a code goes around ports, links and browsers, and around nothing else", () => {
  const all = [...knownCodes.engine, ...knownCodes.shell].filter((code) => treatment(code).codeHelps);
  expect(all).toEqual(["port_unavailable", "deep_link_unavailable", "browser_unavailable", "scheme_taken", "scheme_unavailable"]);
});

test("what only tells where something is now is no failure", () => {
  expect(treatment("demo_moved").severity).toBe("info");
});

test("an unknown code is a failure with nothing to press, even one that every object knows", () => {
  for (const code of ["", "of_tomorrow", "toString", "__proto__"]) expect(treatment(code)).toMatchObject({ severity: "danger", action: null });
});

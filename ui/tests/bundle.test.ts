import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "vite";
import { afterAll, beforeAll, expect, test } from "vitest";

let folder: string;
let files: Map<string, string>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "doorkey-ui-"));
  await build({ root: join(import.meta.dirname, ".."), logLevel: "error", build: { outDir: folder, emptyOutDir: true } });
  const names = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  files = new Map(await Promise.all(names.map(async ({ parentPath, name }) => [name, await readFile(join(parentPath, name), "utf8")] as const)));
}, 60_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

test("the app's build is a page, a script and a style sheet", () => {
  expect([...files.keys()].map((name) => name.replace(/^.*\./, "")).toSorted()).toEqual(["css", "html", "js"]);
});

test("the browser backend is not in it", () => {
  const script = [...files].find(([name]) => name.endsWith(".js"))![1];
  expect(script).toContain("sign_in");
  for (const mark of ["Ada Moreno", "acme.okta.example", "waiting-no-browser"]) expect(script).not.toContain(mark);
});

test("nothing needs more than the policy allows", () => {
  const page = files.get("index.html")!;
  expect(page).not.toMatch(/<style|style=|<script(?![^>]* src=)|\bon\w+=|https?:/);
  for (const [name, text] of files) {
    if (name.endsWith(".css")) expect(text).not.toMatch(/@import|url\(|https?:/);
    if (name.endsWith(".js")) expect(text).not.toMatch(/\beval\(|new Function\(/);
  }
});

import { describe, expect, test } from "vitest";
import { cut, foreign } from "./foreign";

describe("foreign", () => {
  test("leaves names of every script alone", () => {
    for (const name of ["Ada Moreno", "عائشة", "דנה", "李小龍", "Zoë 👩‍🔬"]) expect(foreign(name)).toBe(name);
  });
  test("marks characters that reorder or hide what stands beside them", () => {
    expect(foreign("\u202egnp.exe")).toBe("\ufffdgnp.exe");
    expect(foreign("a\u2066b\u2069c\u0000d\u009be")).toBe("a\ufffdb\ufffdc\ufffdd\ufffde");
  });
  test("keeps markup as text", () => {
    expect(foreign("<img src=x onerror=alert(1)>")).toBe("<img src=x onerror=alert(1)>");
  });
  test("ends what is too long", () => {
    expect(foreign("x".repeat(201))).toBe(`${"x".repeat(200)}…`);
    expect(foreign("x".repeat(200))).toBe("x".repeat(200));
  });
});

test("a cut never leaves half of a pair", () => {
  expect(cut("a👩b", 2)).toBe("a");
  expect(cut("a👩b", 3)).toBe("a👩");
});

import { expect, test } from "vitest";
import { freeName } from "./names";

test("a copy has the next free number", () => {
  expect(freeName("work", ["work"])).toBe("work-2");
  expect(freeName("work", ["work", "work-2", "work-3"])).toBe("work-4");
});

test("a copy's name is not longer than a name can be", () => {
  const long = "a".repeat(64);
  expect(freeName(long, [long])).toBe(`${"a".repeat(62)}-2`);
});

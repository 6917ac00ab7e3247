import { expect, test } from "vitest";
import { formatPairs, parsePairs } from "./pairs";

test("the first equals sign divides", () => {
  expect(parsePairs("audience=https://api.example/?a=b\nprompt=")).toEqual([
    { name: "audience", value: "https://api.example/?a=b" },
    { name: "prompt", value: "" },
  ]);
});

test("blank lines are nothing, and a word alone is a name", () => {
  expect(parsePairs("\n  \nprompt\n")).toEqual([{ name: "prompt", value: "" }]);
});

test("a row that nobody filled in is not written", () => {
  expect(formatPairs([{ name: " audience ", value: " x " }, { name: "", value: "" }])).toBe("audience= x ");
});

test("a value without a name is kept, so that it can be refused", () => {
  expect(formatPairs([{ name: "", value: "x" }])).toBe("=x");
});

test("a value of several lines stays one", () => {
  const pairs = [{ name: "claims", value: "{\n\n  1 }" }, { name: "prompt", value: "" }];
  expect(formatPairs(pairs)).toBe("claims={\n \n   1 }\nprompt=");
  expect(parsePairs(formatPairs(pairs))).toEqual(pairs);
});

test("what was written reads the same", () => {
  for (const text of ["", "a=1", "a=\nb=c=d", "=x", "a= x"]) expect(formatPairs(parsePairs(text))).toBe(text);
});

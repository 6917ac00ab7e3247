import { expect, test } from "vitest";
import { parseHeaders } from "./headers";

test("reads one header a line, in order, twice the same if so written", () => {
  expect(parseHeaders("Accept: application/json\r\n\n X-Tag:a:b \nX-Tag: c")).toEqual({
    headers: [
      ["Accept", "application/json"],
      ["X-Tag", "a:b"],
      ["X-Tag", "c"],
    ],
    wrong: null,
  });
});

test("an empty field means no headers", () => expect(parseHeaders(" \n").headers).toEqual([]));

test.each([["Accept"], [": value"], ["two words: x"], ["Näme: x"]])("%s is no header", (line) => {
  expect(parseHeaders(`A: b\n${line}`)).toEqual({ headers: null, wrong: "Line 2 is not a header. Write it as Name: value." });
});

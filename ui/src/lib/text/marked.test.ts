import { expect, test } from "vitest";
import { marked } from "./marked";

const codes = (sentence: string) => marked(sentence).filter(({ code }) => code).map(({ text }) => text);

test.each([
  ["Register http://127.0.0.1:8125/callback.", ["http://127.0.0.1:8125/callback"]],
  ["The link dev.doorkey.app:/callback, and (https://a.example/x?y=1).", ["dev.doorkey.app:/callback", "https://a.example/x?y=1"]],
  ["`issuer` is missing.", ["issuer"]],
  ["Answered at 14:32, in 84 ms. Either/or.", []],
  ["", []],
])("%s", (sentence, expected) => expect(codes(sentence)).toEqual(expected));

test("no letter is lost", () => {
  const sentence = "Add `prompt` to https://a.example; then save.";
  expect(marked(sentence).map(({ text }) => text).join("")).toBe(sentence.replaceAll("`", ""));
});

import { describe, expect, test } from "vitest";
import { layOut, pieces } from "./json";

describe("layOut", () => {
  test("sets out like JSON.stringify where that keeps everything", () => {
    const value = { a: [1, { b: null }, [], {}], "c \"d\\": "x, {y}: [z]", e: true };
    expect(layOut(JSON.stringify(value))).toBe(JSON.stringify(value, null, 2));
  });
  test("takes text that is spaced already", () => {
    expect(layOut(' { "a" :\n[ 1 ,2 ] , "b":{ } }\n')).toBe('{\n  "a": [\n    1,\n    2\n  ],\n  "b": {}\n}');
  });
  test("keeps long numbers, repeated names and the order of names", () => {
    expect(layOut('{"2":12345678901234567890,"1":1.0,"1":1e400}')).toBe('{\n  "2": 12345678901234567890,\n  "1": 1.0,\n  "1": 1e400\n}');
  });
  test("keeps strings that end in backslashes apart", () => {
    expect(layOut(String.raw`["a\\","b\"",""]`)).toBe('[\n  "a\\\\",\n  "b\\"",\n  ""\n]');
  });
  test("shows characters that reorder as escapes", () => {
    expect(layOut('"a\u202eb"')).toBe('"a\\u202eb"');
  });
  test("says no to what is not JSON", () => {
    for (const text of ["", "plain", "{", "{'a':1}", "[1,]", "<html>"]) expect(layOut(text)).toBeNull();
  });
  test("does not grow with nesting", () => {
    const deep = 4_000;
    const text = "[".repeat(deep) + "]".repeat(deep);
    expect(layOut(text)!.length).toBeLessThan(deep * 2 * 130);
  });
  test("is quick with five megabytes, in many values or in one", () => {
    const many = JSON.stringify(Array.from({ length: 60_000 }, (_, id) => ({ id, name: `Row ${id}`, note: "x".repeat(40) })));
    const one = JSON.stringify({ long: '"\\'.repeat(1_250_000) });
    expect(many.length).toBeGreaterThan(4_000_000);
    for (const text of [many, one]) {
      const start = performance.now();
      expect(layOut(text)).not.toBeNull();
      expect(performance.now() - start).toBeLessThan(3_000);
    }
  });
});

describe("pieces", () => {
  test("finds the names, and loses nothing", () => {
    const text = layOut('{"a":"b: c","d\\"e":{"f":"\\n\\"g\\": 1"},"h":[": "]}')!;
    const found = pieces(text);
    expect(found.map((piece) => piece.text).join("")).toBe(text);
    expect(found.filter((piece) => piece.name).map((piece) => piece.text)).toEqual(['"a"', '"d\\"e"', '"f"', '"h"']);
  });
  test("takes a scalar as it is", () => expect(pieces("42")).toEqual([{ text: "42", name: false }]));
});

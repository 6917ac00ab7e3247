import { describe, expect, test } from "vitest";
import { chunks, clip, clipAt } from "./chunks";

describe("clip", () => {
  test("keeps what is short", () => expect(clip("a\nb", 3)).toBe("a\nb"));
  test("ends at a line where there is one", () => expect(clip("aaaa\nbb\ncc", 9)).toBe("aaaa\nbb\n"));
  test("cuts a line that is too long, but no pair", () => {
    expect(clip("x".repeat(20), 8)).toBe("x".repeat(8));
    expect(clip("1234567👩", 8)).toBe("1234567");
  });
});

describe("chunks", () => {
  test("loses nothing, and makes none too large", () => {
    const text = `${"line\n".repeat(30_000)}${"👩".repeat(20_000)}`;
    const parts = chunks(text);
    expect(parts.map((part) => part.text).join("")).toBe(text);
    expect(Math.max(...parts.map((part) => part.text.length))).toBeLessThanOrEqual(16_000);
  });
  test("five megabytes on one line are a few hundred parts", () => {
    expect(chunks("y".repeat(5_000_000)).length).toBe(313);
  });
  test("what is shown first is a small part", () => expect(clip("z".repeat(5_000_000)).length).toBe(clipAt));
});

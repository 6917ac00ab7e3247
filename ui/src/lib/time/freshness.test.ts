import { describe, expect, test } from "vitest";
import { freshness, moment } from "./freshness";

const now = new Date(2026, 10, 22, 14, 28).getTime();
const minute = 60_000;

describe("freshness", () => {
  test("tells until when, and how long that is", () => {
    expect(freshness(now + 4 * minute, now, true, "en-GB")).toEqual({ text: "Fresh until 14:32", then: "4 min left", past: false });
  });
  test("names the day when it is another one", () => {
    expect(freshness(now + 26 * 60 * minute, now, true, "en-GB").text).toBe("Fresh until 23 Nov, 16:28");
  });
  test("is past at the very millisecond", () => {
    expect(freshness(now, now, true)).toEqual({ text: "Expired", then: "renewed at the next call", past: true });
  });
  test("promises no renewal where there is none", () => {
    expect(freshness(now - 1, now, false).then).toBe("sign in again to call the API");
  });
  test("admits that the time is unknown", () => {
    expect(freshness(null, now, true)).toEqual({ text: "The provider gave no time", then: "", past: false });
  });
});

test("a moment shortly after midnight is another day", () => {
  const late = new Date(2026, 10, 22, 23, 59).getTime();
  expect(moment(late + 2 * minute, late, "en-GB")).toBe("23 Nov, 00:01");
});

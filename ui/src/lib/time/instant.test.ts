import { expect, test } from "vitest";
import { ago, instant, occasion } from "./instant";

const now = new Date(2026, 10, 22, 14, 28).getTime();
const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

test.each([
  [now, "today, 14:28:00", "now"],
  [now + 54 * minute + 7 * second, "today, 15:22:07", "in 54 min"],
  [now - 6 * minute, "today, 14:22:00", "6 min ago"],
  [now + 10 * hour, "tomorrow, 00:28:00", "in 10 h"],
  [now - 15 * hour, "yesterday, 23:28:00", "15 h ago"],
  [now + 72 * hour, "25 Nov, 14:28:00", "in 3 days"],
  [new Date(2019, 1, 3, 4, 5, 6).getTime(), "3 Feb 2019, 04:05:06", "2849 days ago"],
])("%i is %s, %s", (at, local, relative) => expect(instant(at, now, "en-GB")).toEqual({ local, relative }));

test("the last second that a token can name is told", () => {
  expect(instant(253_402_300_799_000, now, "en-GB").local).toMatch(/ (9999|10000), /);
});

test.each([
  [now - 5 * hour, "today 09:28"],
  [now - 15 * hour, "yesterday 23:28"],
  [now - 72 * hour, "19 Nov 14:28"],
])("%i is remembered as %s", (at, text) => expect(occasion(at, now, "en-GB")).toBe(text));

test.each([
  [now + 5 * second, "just now"],
  [now - 59 * second, "just now"],
  [now - minute, "1 min ago"],
  [now - 59 * minute, "59 min ago"],
  [now - hour, "today 13:28"],
])("%i was %s", (at, text) => expect(ago(at, now, "en-GB")).toBe(text));

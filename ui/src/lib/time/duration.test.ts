import { describe, expect, test } from "vitest";
import { countdown, countdownInWords, elapsed, roughly } from "./duration";

describe("countdown", () => {
  test.each([
    [292_000, "4:52"],
    [291_001, "4:52"],
    [60_000, "1:00"],
    [9_000, "0:09"],
    [1, "0:01"],
    [0, "0:00"],
    [-5_000, "0:00"],
    [3_892_000, "1:04:52"],
  ])("%i ms is %s", (millis, text) => expect(countdown(millis)).toBe(text));
});

describe("countdownInWords", () => {
  test.each([
    [292_000, "4 minutes 52 seconds left"],
    [61_000, "1 minute 1 second left"],
    [60_000, "1 minute left"],
    [0, "0 seconds left"],
  ])("%i ms is %s", (millis, text) => expect(countdownInWords(millis)).toBe(text));
});

describe("roughly", () => {
  test.each([
    [0, "0 s"],
    [59_999, "59 s"],
    [60_000, "1 min"],
    [299_999, "4 min"],
    [3_600_000, "1 h"],
    [12_000_000, "3 h 20 min"],
    [86_400_000, "1 day"],
    [180_000_000, "2 days"],
  ])("%i ms is %s", (millis, text) => expect(roughly(millis)).toBe(text));
});

describe("elapsed", () => {
  test.each([
    [-3, "0 ms"],
    [38, "38 ms"],
    [999, "999 ms"],
    [1_000, "1.0 s"],
    [4_159, "4.1 s"],
    [59_990, "59.9 s"],
    [72_000, "1:12 min"],
  ])("%i ms is %s", (millis, text) => expect(elapsed(millis)).toBe(text));
});

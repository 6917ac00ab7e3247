import { expect, test } from "vitest";
import { steps } from "../backend/browser/steps";
import { arrow, hearsay, lanes, outOfSight, parties, seen, wire } from "./lanes";

test("a lane that nobody is in is left out", () => {
  expect(lanes(steps.refreshed(0))).toEqual(["doorkey", "provider"]);
  expect(lanes(steps.withCall(0))).toEqual(["you", "doorkey", "provider", "api"]);
  expect(lanes([])).toEqual([]);
});

test("arrows go from centre to centre, whatever lanes lie between", () => {
  const among = lanes(steps.withCall(0));
  expect(arrow({ from: "you", to: "provider" }, among)).toEqual({ start: 2, end: 6, shape: "there" });
  expect(arrow({ from: "api", to: "doorkey" }, among)).toEqual({ start: 4, end: 8, shape: "back" });
  expect(arrow({ from: "doorkey", to: "doorkey" }, among)).toEqual({ start: 4, end: 5, shape: "self" });
  expect(arrow({ from: "provider", to: "doorkey" }, ["doorkey", "provider"])).toEqual({ start: 2, end: 4, shape: "back" });
});

test("only what Doorkey takes part in was seen", () => {
  expect(seen({ from: "you", to: "provider" })).toBe(false);
  expect(seen({ from: "you", to: "doorkey" })).toBe(true);
  expect(seen({ from: "doorkey", to: "doorkey" })).toBe(true);
});

test("a step's name says who does it to whom", () => {
  expect(parties({ from: "you", to: "doorkey" })).toBe("You to Doorkey");
  expect(parties({ from: "doorkey", to: "doorkey" })).toBe("Doorkey, by itself");
});

test("an upstream has a lane only when somebody speaks of it, and is out of sight", () => {
  const taken = steps.throughUpstream(0);
  expect(lanes(taken)).toEqual(["you", "doorkey", "provider", "upstream"]);
  expect(lanes(taken).filter((party) => hearsay(party, taken))).toEqual(["upstream"]);
  expect(taken.filter(({ to }) => to === "upstream").some(seen)).toBe(false);
});

test("what a step carries is named from where Doorkey stands", () => {
  expect(wire({ from: "doorkey", to: "provider" })).toBe("Sent");
  expect(wire({ from: "api", to: "doorkey" })).toBe("Received");
  expect(wire({ from: "doorkey", to: "doorkey" })).toBe("Kept in Doorkey");
  expect(wire({ from: "you", to: "provider" })).toBe("Sent by your browser");
  expect(wire({ from: "upstream", to: "provider" })).toBe("Sent by the upstream");
});

test("what is out of sight says between whom it is", () => {
  expect(outOfSight({ from: "you", to: "provider" })).toBe("between your browser and the provider");
  expect(outOfSight({ from: "provider", to: "provider" })).toBe("inside the provider");
});

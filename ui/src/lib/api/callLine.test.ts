import { expect, test } from "vitest";
import type { CallSummary } from "../backend/generated/CallSummary";
import { callResult, callTime } from "./callLine";

const call: CallSummary = { id: 1, at: 0, method: "GET", path: "/", status: 200, failure: null, millis: 38 };

test.each([
  [{}, "200", "ok"],
  [{ status: 302 }, "302", "ok"],
  [{ status: 404 }, "404", "bad"],
  [{ status: null, failure: "cancelled" }, "stopped", "stopped"],
  [{ status: null, failure: "network_timeout" }, "timed out", "bad"],
  [{ status: null, failure: "tls_untrusted" }, "failed", "bad"],
  [{ status: null, failure: "toString" }, "failed", "bad"],
  [{ status: null }, "failed", "bad"],
])("%j is %s", (change, word, mark) => expect(callResult({ ...call, ...change })).toEqual({ word, mark }));

test("tells when, and for how long", () => expect(callTime(call, 130_000)).toBe("2 min ago, 38 ms"));

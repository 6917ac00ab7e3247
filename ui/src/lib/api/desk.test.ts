import { expect, test } from "vitest";
import type { Backend } from "../backend/backend";
import type { ApiAnswer } from "../backend/generated/ApiAnswer";
import type { ApiCall } from "../backend/generated/ApiCall";
import type { PastCall } from "../backend/generated/PastCall";
import { cancelledCall } from "../backend/browser/answers";
import { profiles } from "../backend/browser/profiles";
import { Desk } from "./desk.svelte";

const answer: ApiAnswer = { status: 200, headers: [], body: "{}", binary: false, size: 2, millis: 1 };

/** A desk whose calls are answered by hand. */
function desk() {
  const calls: { request: ApiCall; answered: (answer: ApiAnswer) => void; refused: (reason: unknown) => void }[] = [];
  const copied: ApiCall[] = [];
  const backend = {
    cancelCall: async () => calls.at(-1)!.refused({ code: "cancelled", message: "You cancelled the call.", hint: "" }),
    copyCurl: async (request: ApiCall) => {
      if (request.path === "/refused") throw { code: "origin_not_allowed", message: "Not there.", hint: "" };
      copied.push(request);
    },
    pastCall: async (id: number): Promise<PastCall> => {
      if (id === 9) throw { code: "not_ready", message: "Gone.", hint: "" };
      const call: ApiCall = { method: "POST", path: "/past", headers: [["A", "b"], ["C", "d"]], body: "{}" };
      if (id === 2) return { call: { ...call, headers: [], body: null }, whole: false, answer: null, problem: null };
      return id === 3 ? { call, whole: true, answer: null, problem: cancelledCall } : { call, whole: true, answer, problem: null };
    },
    forgetCalls: async () => {},
    callApi: (request: ApiCall) => new Promise<ApiAnswer>((answered, refused) => calls.push({ request, answered, refused })),
  };
  return { desk: new Desk(backend as unknown as Backend), calls, copied };
}

const templates = profiles[0]!.templates;

test("sends what the template says, a body only where the method takes one", async () => {
  const { desk: one, calls } = desk();
  one.handTo("ada", templates[3]);
  const sent = one.send("api");
  expect(calls[0]!.request).toMatchObject({ method: "POST", path: "/api/v1/executions", body: templates[3]!.body });
  expect(calls[0]!.request.headers).toContainEqual(["Content-Type", "application/json"]);
  calls[0]!.answered(answer);
  await sent;
  expect(one.outcome).toEqual({ kind: "answered", answer });
  one.method = "GET";
  void one.send("api");
  expect(calls[1]!.request.body).toBeNull();
});

test("one call at a time", () => {
  const { desk: one, calls } = desk();
  void one.send("api");
  void one.send("api");
  expect(calls.length).toBe(1);
});

test("sends nothing while a header is wrong", () => {
  const { desk: one, calls } = desk();
  one.headers = "no colon";
  void one.send("api");
  expect(one.wrongHeader).toContain("Line 1");
  expect(calls.length).toBe(0);
});

test("a refusal is shown as a problem, whatever it was", async () => {
  const { desk: one, calls } = desk();
  const sent = one.send("api");
  calls[0]!.refused("invalid args");
  await sent;
  expect(one.outcome).toMatchObject({ kind: "failed", problem: { code: "internal" } });
});

test("nothing is left for the next person, not even an answer that comes late", async () => {
  const { desk: one, calls } = desk();
  one.handTo("ada", templates[0]);
  one.path = "/private";
  const sent = one.send("api");
  one.handTo("bob", templates[0]);
  calls[0]!.answered({ ...answer, body: '"of ada"' });
  await sent;
  expect(one.outcome).toEqual({ kind: "none" });
  expect(one.path).toBe("/api/me");
});

test("the same person keeps what they wrote", () => {
  const { desk: one } = desk();
  one.handTo("ada", templates[0]);
  one.path = "/mine";
  one.handTo("ada", templates[0]);
  expect(one.path).toBe("/mine");
});

test("a cancelled call says so, and with nothing running there is nothing to cancel", async () => {
  const { desk: one } = desk();
  await one.cancel();
  const sent = one.send("api");
  await one.cancel();
  await sent;
  expect(one.outcome).toMatchObject({ kind: "failed", problem: { code: "cancelled" } });
});

test("copies as curl what it would send, and nothing while a header is wrong", async () => {
  const { desk: one, calls, copied } = desk();
  one.handTo("ada", templates[3]);
  expect(await one.copyCurl()).toBe(true);
  void one.send("api");
  expect(copied).toEqual([calls[0]!.request]);
  one.headers = "no colon";
  expect(await one.copyCurl()).toBe(false);
  expect(copied.length).toBe(1);
});

test("a command that cannot be made is a problem, but never in the place of a running call", async () => {
  const { desk: one } = desk();
  one.path = "/refused";
  expect(await one.copyCurl()).toBe(false);
  expect(one.outcome).toMatchObject({ kind: "failed", problem: { code: "origin_not_allowed" } });
  void one.send("api");
  await one.copyCurl();
  expect(one.outcome.kind).toBe("running");
});

test("a call of the list is laid out with what became of it, and can be sent again as it was", async () => {
  const { desk: one, calls } = desk();
  one.handTo("ada", templates[0]);
  await one.recall(1);
  expect(one).toMatchObject({ method: "POST", path: "/past", headers: "A: b\nC: d", body: "{}", template: "", recalled: 1, stripped: false });
  expect(one.outcome).toEqual({ kind: "answered", answer });
  await one.recall(3);
  expect(one.outcome).toEqual({ kind: "failed", problem: cancelledCall });
  void one.send("api");
  expect(one.recalled).toBeNull();
  expect(calls[0]!.request).toEqual({ method: "POST", path: "/past", headers: [["A", "b"], ["C", "d"]], body: "{}" });
});

test("says what a restart has left of a call, until something else is laid out", async () => {
  const { desk: one } = desk();
  await one.recall(2);
  expect(one).toMatchObject({ headers: "", body: "", stripped: true });
  expect(one.outcome).toEqual({ kind: "forgotten" });
  one.use(templates[0]!);
  expect(one).toMatchObject({ recalled: null, stripped: false });
});

test("a call of the list never takes the place of one that runs, or of another person's", async () => {
  const { desk: one } = desk();
  one.handTo("ada", templates[0]);
  const late = one.recall(1);
  void one.send("api");
  await late;
  expect(one.outcome.kind).toBe("running");
  const { desk: other } = desk();
  other.handTo("ada", templates[0]);
  const slow = other.recall(1);
  other.handTo("bob", templates[0]);
  await slow;
  expect(other).toMatchObject({ path: "/api/me", recalled: null });
});

test("a call that is no longer in the list is a problem", async () => {
  const { desk: one } = desk();
  await one.recall(9);
  expect(one.outcome).toMatchObject({ kind: "failed", problem: { code: "not_ready" } });
});

test("forgetting the list takes its answer off the desk, but not the request", async () => {
  const { desk: one } = desk();
  await one.recall(1);
  await one.forget();
  expect(one).toMatchObject({ outcome: { kind: "none" }, recalled: null, path: "/past" });
});

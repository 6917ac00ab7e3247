import type { Backend } from "../backend";
import type { ApiCall } from "../generated/ApiCall";
import type { PastCall } from "../generated/PastCall";
import type { View } from "../generated/View";
import { asProblem } from "../problem";
import { answer, cancelledCall } from "./answers";
import { problem } from "./problems";
import type { Happening } from "./story";

/** How long the pretended API takes, in milliseconds. */
const pace = 300;

type CallCommands = Pick<Backend, "callApi" | "cancelCall" | "copyCurl" | "pastCall" | "forgetCalls">;

/** The commands that call the pretended API, and that keep what was called. */
export function callDesk(page: Window, view: () => View, happen: (happening: Happening) => void): CallCommands {
  const past = new Map<number, PastCall>();
  let breakOff = () => {};

  function keep(call: ApiCall, at: number, made: Pick<PastCall, "answer" | "problem">) {
    const id = Math.max(0, ...view().calls.map((one) => one.id), ...past.keys()) + 1;
    past.set(id, { call, whole: true, ...made });
    const { method, path } = call;
    const status = made.answer?.status ?? null;
    happen({ kind: "called", call: { id, at, method, path, status, failure: made.problem?.code ?? null, millis: made.answer?.millis ?? Date.now() - at } });
  }

  return {
    async callApi(call) {
      const at = Date.now();
      try {
        await new Promise<void>((resolve, reject) => {
          if (!call.path.startsWith("/silent")) page.setTimeout(resolve, pace);
          breakOff = () => reject(cancelledCall);
        });
        const made = answer(call);
        keep(call, at, { answer: made, problem: null });
        return made;
      } catch (reason) {
        keep(call, at, { answer: null, problem: asProblem(reason) });
        throw reason;
      }
    },
    async cancelCall() {
      breakOff();
    },
    async copyCurl() {},
    async pastCall(id) {
      const line = view().calls.find((call) => call.id === id);
      if (!line) throw problem("forgotten", "This call is not kept any more.", "Only the latest ones are.");
      // What a restart leaves of a call: the line in the list.
      const rest = { call: { method: line.method, path: line.path, headers: [], body: null }, whole: false, answer: null, problem: null };
      return past.get(id) ?? rest;
    },
    async forgetCalls() {
      past.clear();
      happen({ kind: "callsForgotten" });
    },
  };
}

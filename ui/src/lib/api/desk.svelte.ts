import type { Backend } from "../backend/backend";
import type { ApiAnswer } from "../backend/generated/ApiAnswer";
import type { ApiCall } from "../backend/generated/ApiCall";
import type { ApiTemplate } from "../backend/generated/ApiTemplate";
import type { Problem } from "../backend/generated/Problem";
import { asProblem } from "../backend/problem";
import { parseHeaders } from "./headers";

/** What became of a call. */
export type Outcome =
  | { kind: "none" }
  /** A call of the list whose answer is not kept. */
  | { kind: "forgotten" }
  | { kind: "running"; host: string; since: number }
  | { kind: "answered"; answer: ApiAnswer }
  | { kind: "failed"; problem: Problem };

/** The request being written and what its call brought. It outlives the tab, but not the person. */
export class Desk {
  template = $state("");
  method = $state("GET");
  path = $state("");
  headers = $state("");
  body = $state("");
  outcome: Outcome = $state.raw({ kind: "none" });
  /** The call of the list that is laid out, until another one is sent. */
  recalled: number | null = $state(null);
  /** Whether headers and body of the recalled call were lost. */
  stripped = $state(false);
  readonly wrongHeader: string | null = $derived(parseHeaders(this.headers).wrong);
  readonly takesBody: boolean = $derived(this.method !== "GET" && this.method !== "HEAD");

  #backend: Backend;
  #owner = "";
  /** Counts the owners, so that a late answer to an earlier one is thrown away. */
  #turn = 0;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  /** Empties the desk if it was somebody else's, and lays out the first template. */
  handTo(owner: string, first: ApiTemplate | undefined) {
    if (owner === this.#owner) return;
    this.#owner = owner;
    this.#turn += 1;
    this.#put({ kind: "none" });
    if (first) this.use(first);
    else Object.assign(this, { template: "", method: "GET", path: "/", headers: "", body: "" });
  }

  use(template: ApiTemplate) {
    this.recalled = null;
    this.stripped = false;
    this.template = template.title;
    this.method = template.method;
    this.path = template.path;
    this.headers = template.body === null ? "Accept: application/json" : "Accept: application/json\nContent-Type: application/json";
    this.body = template.body ?? "";
  }

  async send(host: string): Promise<void> {
    const request = this.#request();
    if (!request || this.outcome.kind === "running") return;
    const turn = this.#turn;
    const settle = (outcome: Outcome) => {
      if (turn === this.#turn) this.outcome = outcome;
    };
    this.#put({ kind: "running", host, since: Date.now() });
    try {
      settle({ kind: "answered", answer: await this.#backend.callApi(request) });
    } catch (reason) {
      settle({ kind: "failed", problem: asProblem(reason) });
    }
  }

  /** Lays out a call of the list, with what became of it. */
  async recall(id: number): Promise<void> {
    if (this.outcome.kind === "running") return;
    const turn = this.#turn;
    const still = () => turn === this.#turn && this.outcome.kind !== "running";
    try {
      const { call, whole, answer, problem } = await this.#backend.pastCall(id);
      if (!still()) return;
      this.template = "";
      this.method = call.method;
      this.path = call.path;
      this.headers = call.headers.map(([name, value]) => `${name}: ${value}`).join("\n");
      this.body = call.body ?? "";
      this.#put(answer ? { kind: "answered", answer } : problem ? { kind: "failed", problem } : { kind: "forgotten" });
      this.recalled = id;
      this.stripped = !whole;
    } catch (reason) {
      if (still()) this.#put({ kind: "failed", problem: asProblem(reason) });
    }
  }

  /** Empties the list, and takes what came from it off the desk. */
  async forget(): Promise<void> {
    const turn = this.#turn;
    try {
      await this.#backend.forgetCalls();
      if (turn === this.#turn && this.outcome.kind !== "running") this.#put({ kind: "none" });
    } catch (reason) {
      if (turn === this.#turn && this.outcome.kind !== "running") this.#put({ kind: "failed", problem: asProblem(reason) });
    }
  }

  /** Breaks the running call off; that it was is what the call then says. */
  async cancel(): Promise<void> {
    if (this.outcome.kind !== "running") return;
    const turn = this.#turn;
    try {
      await this.#backend.cancelCall();
    } catch (reason) {
      if (turn === this.#turn) this.outcome = { kind: "failed", problem: asProblem(reason) };
    }
  }

  /** Copies the request as a command. Says whether that worked. */
  async copyCurl(): Promise<boolean> {
    const request = this.#request();
    if (!request) return false;
    const turn = this.#turn;
    try {
      await this.#backend.copyCurl(request);
      return true;
    } catch (reason) {
      if (turn === this.#turn && this.outcome.kind !== "running") this.outcome = { kind: "failed", problem: asProblem(reason) };
      return false;
    }
  }

  /** Shows what became of a call, and that it is no longer one of the list. */
  #put(outcome: Outcome) {
    this.outcome = outcome;
    this.recalled = null;
    this.stripped = false;
  }

  /** The request as it is written, or null while a header is wrong. */
  #request(): ApiCall | null {
    const { headers } = parseHeaders(this.headers);
    if (!headers) return null;
    const body = this.takesBody && this.body !== "" ? this.body : null;
    return { method: this.method, path: this.path.trim(), headers, body };
  }
}

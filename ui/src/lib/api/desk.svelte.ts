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
    this.outcome = { kind: "none" };
    if (first) this.use(first);
    else Object.assign(this, { template: "", method: "GET", path: "/", headers: "", body: "" });
  }

  use(template: ApiTemplate) {
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
    this.outcome = { kind: "running", host, since: Date.now() };
    try {
      settle({ kind: "answered", answer: await this.#backend.callApi(request) });
    } catch (reason) {
      settle({ kind: "failed", problem: asProblem(reason) });
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

  /** The request as it is written, or null while a header is wrong. */
  #request(): ApiCall | null {
    const { headers } = parseHeaders(this.headers);
    if (!headers) return null;
    const body = this.takesBody && this.body !== "" ? this.body : null;
    return { method: this.method, path: this.path.trim(), headers, body };
  }
}

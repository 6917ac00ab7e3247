import type { Backend } from "../backend/backend";
import type { KeychainReport } from "../backend/generated/KeychainReport";
import type { Problem } from "../backend/generated/Problem";
import { asProblem } from "../backend/problem";

/** What is being asked of the keychain. */
export type Asked = "state" | "test" | "unlock";

/** The keychain while it is looked at. */
export class KeychainWatch {
  report: KeychainReport | null = $state.raw(null);
  /** Why the last answer is missing. */
  problem: Problem | null = $state.raw(null);
  asked: Asked | null = $state(null);

  #backend: Backend;
  /** Counts what was asked, so that a late answer to what was overtaken is thrown away. */
  #turn = 0;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  /** Looks again, unless something is being asked already. */
  look = () => this.#ask("state", () => this.#backend.keychainState());
  test = () => this.#ask("test", () => this.#backend.testKeychain());
  unlock = () => this.#ask("unlock", () => this.#backend.unlockKeychain());

  async #ask(asked: Asked, what: () => Promise<KeychainReport>): Promise<void> {
    // A look can be overtaken by what a person asks for; what a person asked for is waited for.
    if (this.asked !== null && (this.asked !== "state" || asked === "state")) return;
    this.asked = asked;
    const turn = ++this.#turn;
    const current = () => turn === this.#turn;
    try {
      const report = await what();
      if (current()) this.#take(report);
    } catch (reason) {
      if (current()) this.problem = asProblem(reason);
    } finally {
      if (current()) this.asked = null;
    }
  }

  /** That it was tested stays true for as long as it can be used. */
  #take(report: KeychainReport) {
    const tested = report.tested ?? (report.stands === "ready" ? (this.report?.tested ?? null) : null);
    this.report = { ...report, tested };
    this.problem = null;
  }
}

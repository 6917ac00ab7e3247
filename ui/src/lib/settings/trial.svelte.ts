import type { Backend } from "../backend/backend";
import type { CheckView } from "../backend/generated/CheckView";
import type { Problem } from "../backend/generated/Problem";
import type { ProfileForm } from "../backend/generated/ProfileForm";
import { asProblem } from "../backend/problem";

/** What became of a test. `form` is what was tested, as text. */
export type Outcome = { kind: "none" } | { kind: "running"; since: number } | { kind: "done"; checks: CheckView[]; form: string };

/** The test of a profile while it is being written. */
export class Trial {
  outcome: Outcome = $state.raw({ kind: "none" });

  #backend: Backend;
  /** Counts the tests, so that a late result of one that was left is thrown away. */
  #turn = 0;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  /** Tests a form. Returns why it could not be tested at all, or null. */
  async run(form: ProfileForm): Promise<Problem | null> {
    const turn = ++this.#turn;
    this.outcome = { kind: "running", since: Date.now() };
    try {
      const checks = await this.#backend.testProfile(form);
      if (turn === this.#turn) this.outcome = { kind: "done", checks, form: JSON.stringify(form) };
      return null;
    } catch (reason) {
      if (turn !== this.#turn) return null;
      this.outcome = { kind: "none" };
      return asProblem(reason);
    }
  }

  /** Stops waiting for the result. */
  leave() {
    this.#turn += 1;
    this.outcome = { kind: "none" };
  }
}

/** A result in one sentence, for those who hear it. */
export function heard(checks: CheckView[]): string {
  const count = (outcome: CheckView["outcome"]) => checks.filter((check) => check.outcome === outcome).length;
  const [failed, warnings] = [count("failed"), count("warning")];
  if (failed > 0) return `Tested: ${failed} of ${checks.length} failed.`;
  if (warnings > 0) return `Tested: ${warnings} of ${checks.length} to look at.`;
  return "Tested: everything is in order.";
}

import type { Backend } from "../backend/backend";
import type { Problem } from "../backend/generated/Problem";
import type { UpdateWish } from "../backend/generated/UpdateWish";
import { asProblem } from "../backend/problem";

/** What was wanted of an update, and why the last wish was refused. */
export class Wishes {
  refused: Problem | null = $state.raw(null);

  #backend: Backend;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  /** Asks for something. Says whether it was taken. */
  async ask(wish: UpdateWish): Promise<boolean> {
    this.refused = null;
    try {
      await this.#backend.update(wish);
      return true;
    } catch (reason) {
      this.refused = asProblem(reason);
      return false;
    }
  }
}

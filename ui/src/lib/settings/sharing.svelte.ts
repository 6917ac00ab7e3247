import type { Backend } from "../backend/backend";
import type { ExportView } from "../backend/generated/ExportView";
import type { Problem } from "../backend/generated/Problem";
import type { SharedView } from "../backend/generated/SharedView";
import { asProblem } from "../backend/problem";

/** A profile on its way to somebody else. */
export class Sharing {
  profile: string | null = $state(null);
  shared: SharedView | null = $state.raw(null);
  /** The file, once it was written. */
  saved: ExportView | null = $state.raw(null);
  problem: Problem | null = $state.raw(null);

  #backend: Backend;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  async begin(profile: string): Promise<void> {
    this.end();
    await this.#tried(async () => {
      this.shared = await this.#backend.shareProfile(profile);
      this.profile = profile;
    });
  }

  async save(): Promise<void> {
    const { profile } = this;
    if (profile !== null) await this.#tried(async () => void (this.saved = await this.#backend.exportProfile(profile)));
  }

  async reveal(): Promise<void> {
    await this.#tried(() => this.#backend.revealExport());
  }

  end() {
    this.profile = this.shared = this.saved = this.problem = null;
  }

  async #tried(what: () => Promise<void>): Promise<void> {
    this.problem = null;
    try {
      await what();
    } catch (reason) {
      this.problem = asProblem(reason);
    }
  }
}

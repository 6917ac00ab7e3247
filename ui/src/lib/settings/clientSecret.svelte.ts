import type { Backend } from "../backend/backend";
import type { ClientSecretView } from "../backend/generated/ClientSecretView";
import type { Problem } from "../backend/generated/Problem";
import { asProblem } from "../backend/problem";

/** Whether a saved profile has a client secret. What it is, is not known here. */
export class ClientSecret {
  /** Null until the keychain has answered, and while it does not. */
  kept: boolean | null = $state(null);
  problem: Problem | null = $state.raw(null);

  #backend: Backend;
  #profile: string;

  constructor(backend: Backend, profile: string) {
    this.#backend = backend;
    this.#profile = profile;
  }

  look(): Promise<void> {
    return this.#ask((backend) => backend.clientSecret(this.#profile));
  }

  forget(): Promise<void> {
    return this.#ask((backend) => backend.forgetClientSecret(this.#profile));
  }

  async #ask(question: (backend: Backend) => Promise<ClientSecretView>): Promise<void> {
    this.problem = null;
    try {
      this.kept = (await question(this.#backend)).kept;
    } catch (reason) {
      this.problem = asProblem(reason);
    }
  }
}

/** That a secret is kept in memory only, in a sentence or two. */
export function lastsShortly({ memoryOnly }: ClientSecretView): string | null {
  return memoryOnly === null ? null : `Its client secret is kept until Doorkey quits. ${memoryOnly}`;
}

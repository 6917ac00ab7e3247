import { SvelteMap } from "svelte/reactivity";
import type { Backend } from "../backend/backend";
import type { Problem } from "../backend/generated/Problem";
import type { SettingChange } from "../backend/generated/SettingChange";
import { asProblem } from "../backend/problem";

/** The changes of settings: each asked for at once, and what became of the last one of each. */
export class Changes {
  #backend: Backend;
  #refused = new SvelteMap<SettingChange["setting"], Problem>();

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  refused(setting: SettingChange["setting"]): Problem | null {
    return this.#refused.get(setting) ?? null;
  }

  /** Asks for a change. Says whether it was taken. */
  async ask(change: SettingChange): Promise<boolean> {
    this.#refused.delete(change.setting);
    try {
      await this.#backend.changeSetting(change);
      return true;
    } catch (reason) {
      this.#refused.set(change.setting, asProblem(reason));
      return false;
    }
  }
}

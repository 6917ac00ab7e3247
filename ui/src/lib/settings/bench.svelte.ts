import type { Backend } from "../backend/backend";
import type { PresetView } from "../backend/generated/PresetView";
import type { Problem } from "../backend/generated/Problem";
import type { ProfileForm } from "../backend/generated/ProfileForm";
import { asProblem } from "../backend/problem";
import { ClientSecret, lastsShortly } from "./clientSecret.svelte";
import { Draft } from "./draft.svelte";
import { freeName, nameOrFree } from "./names";
import { Trial } from "./trial.svelte";

/** A profile on the bench: what is written, and how it tests. */
export interface Work {
  draft: Draft;
  trial: Trial;
}

/** What was done last with a profile. */
export interface Done {
  what: "added" | "changed" | "removed";
  profile: string;
  /** What else there is to say about it. */
  aside?: string;
}

/** Where profiles are written, tested, saved and removed. It outlives the view, so that leaving the view loses nothing. */
export class Bench {
  work: Work | null = $state.raw(null);
  saving = $state(false);
  /** The profile that is being removed. */
  removing: string | null = $state(null);
  /** Why something could not be begun or finished, where there is no form to show it in. */
  problem: Problem | null = $state.raw(null);
  done: Done | null = $state.raw(null);

  #backend: Backend;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  async add(): Promise<boolean> {
    return this.#begin(async (presets) => new Draft(presets, { name: "", preset: presets[0]?.id ?? "", values: [] }, null));
  }

  async edit(profile: string): Promise<boolean> {
    return this.#begin(async (presets) => new Draft(presets, await this.#backend.profileForm(profile), profile));
  }

  /** Begins a profile again whose file cannot be used, and says why in the form. What stood in the file is not known. */
  async rewrite(profile: string, why: Problem): Promise<boolean> {
    return this.#begin(async (presets) => {
      const draft = new Draft(presets, { name: profile, preset: presets[0]?.id ?? "", values: [] }, profile);
      draft.unread = why;
      return draft;
    });
  }

  async duplicate(profile: string, taken: string[]): Promise<boolean> {
    return this.#begin(async (presets) => {
      const form: ProfileForm = await this.#backend.profileForm(profile);
      return new Draft(presets, { ...form, name: freeName(profile, taken) }, null);
    });
  }

  /** Begins a profile of what somebody else has written. Returns why there is none, or null. */
  async import(text: string, file: string | null, taken: string[]): Promise<Problem | null> {
    const begun = await this.#begin(async (presets) => {
      const { form, leftOut } = await this.#backend.importProfile(text, file);
      const draft = new Draft(presets, { ...form, name: nameOrFree(form.name, taken) }, null);
      draft.leftOut = leftOut;
      return draft;
    });
    const problem = this.problem;
    this.problem = null;
    return begun ? null : problem;
  }

  /** What has to be registered at the provider for what is on the bench. */
  redirectUris(form: ProfileForm): Promise<string[]> {
    return this.#backend.redirectUris(form);
  }

  /** The secret of a saved profile, without the secret. */
  clientSecret(profile: string): ClientSecret {
    return new ClientSecret(this.#backend, profile);
  }

  /** Saves what is on the bench, and clears it. A new profile becomes the chosen one. Says whether that worked. */
  async save(): Promise<boolean> {
    const { work } = this;
    if (!work || this.saving) return false;
    const { draft } = work;
    const { form, replaces } = draft;
    this.saving = true;
    draft.refusal = null;
    let aside: string | null = null;
    try {
      await this.#backend.saveProfile(form, replaces);
      if (draft.secret !== "") {
        // Whatever becomes of the secret, the profile is saved.
        draft.saved();
        aside = lastsShortly(await this.#backend.keepClientSecret(form.name, draft.secret));
      }
    } catch (reason) {
      work.draft.refusal = asProblem(reason);
      return false;
    } finally {
      this.saving = false;
    }
    this.clear();
    this.done = { what: replaces === null ? "added" : "changed", profile: form.name, ...(aside ? { aside } : {}) };
    if (replaces === null) await this.#tried(() => this.#backend.selectProfile(form.name));
    return true;
  }

  /** Tests what is on the bench as it is written. */
  async test(): Promise<void> {
    const { work } = this;
    if (!work) return;
    work.draft.refusal = null;
    const problem = await work.trial.run(work.draft.form);
    if (problem) work.draft.refusal = problem;
  }

  /** Says whether that worked. */
  async remove(profile: string): Promise<boolean> {
    this.problem = this.done = null;
    this.removing = profile;
    const removed = await this.#tried(() => this.#backend.removeProfile(profile));
    this.removing = null;
    if (removed) this.done = { what: "removed", profile };
    return removed;
  }

  /** Takes away what lies on the bench. */
  clear() {
    this.work?.trial.leave();
    if (this.work) this.work.draft.secret = "";
    this.work = null;
  }

  async #begin(draft: (presets: PresetView[]) => Promise<Draft>): Promise<boolean> {
    this.done = null;
    return this.#tried(async () => {
      this.work = { draft: await draft(await this.#backend.presets()), trial: new Trial(this.#backend) };
    });
  }

  async #tried(what: () => Promise<void>): Promise<boolean> {
    this.problem = null;
    try {
      await what();
      return true;
    } catch (reason) {
      this.problem = asProblem(reason);
      return false;
    }
  }
}

const benches = new WeakMap<Backend, Bench>();

/** The bench of a backend: the same one, however often the view is left. */
export function benchOf(backend: Backend): Bench {
  const bench = benches.get(backend) ?? new Bench(backend);
  benches.set(backend, bench);
  return bench;
}

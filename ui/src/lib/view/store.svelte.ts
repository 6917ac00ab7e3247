import type { Backend } from "../backend/backend";
import type { Problem } from "../backend/generated/Problem";
import type { ProfileView } from "../backend/generated/ProfileView";
import type { View } from "../backend/generated/View";
import { asProblem } from "../backend/problem";

/** The latest view, and the way to ask for the next one. */
export class Store {
  view: View | null = $state.raw(null);
  /** The rejection of the last command, until it is dismissed or a newer view tells another problem. */
  rejection: Problem | null = $state.raw(null);

  readonly profile: ProfileView | null = $derived(this.view?.profiles.find(({ name }) => name === this.view?.selected) ?? null);
  readonly problem: Problem | null = $derived(this.rejection ?? this.view?.problem ?? null);

  /** The profile whose last sign-in, while this window was looking, was one with a code. */
  #withCode: string | null = $state(null);
  readonly codeFirst: boolean = $derived(this.#withCode !== null && this.#withCode === this.view?.selected);

  #backend: Backend;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  /** Subscribes, then asks, so that no view is missed in between. Returns what ends it. */
  connect(): () => void {
    let stop: (() => void) | null = null;
    let over = false;
    const start = async () => {
      stop = await this.#backend.subscribe((view) => this.accept(view));
      if (over) stop();
      else this.accept(await this.#backend.view());
    };
    start().catch((reason) => (this.rejection = asProblem(reason)));
    return () => {
      over = true;
      stop?.();
    };
  }

  /** Takes a view unless a newer one is here already. */
  accept(next: View) {
    if (this.view && next.revision <= this.view.revision) return;
    if (next.problem && next.problem.message !== this.view?.problem?.message) this.rejection = null;
    this.view = next;
  }

  /** Asks for something. A rejection becomes the problem shown. Says whether the request was taken. */
  async ask(command: (backend: Backend) => Promise<unknown>): Promise<boolean> {
    this.rejection = null;
    try {
      await command(this.#backend);
      return true;
    } catch (reason) {
      this.rejection = asProblem(reason);
      return false;
    }
  }

  /** Hands over the address that the browser landed on. Returns why it is not the answer, or null. */
  async paste(text: string): Promise<Problem | null> {
    try {
      await this.#backend.pasteAddress(text);
      return null;
    } catch (reason) {
      return asProblem(reason);
    }
  }

  signIn() {
    this.#begin(null, (backend, profile) => backend.signIn(profile));
  }

  signInOverLoopback() {
    this.#begin(null, (backend, profile) => backend.signInOverLoopback(profile));
  }

  signInWithCode() {
    this.#begin(this.view?.selected ?? null, (backend, profile) => backend.signInWithCode(profile));
  }

  /** Begins again as it was begun last: who had a code wants another one. */
  signInAgain() {
    if (this.codeFirst) this.signInWithCode();
    else this.signIn();
  }

  /** Gives up the wait for a link, and waits at a port instead. */
  async startOverLoopback() {
    if (await this.ask((backend) => backend.cancelSignIn())) this.signInOverLoopback();
  }

  /** Gives up the wait for the browser, and asks for a code instead. */
  async startWithCode() {
    if (await this.ask((backend) => backend.cancelSignIn())) this.signInWithCode();
  }

  #begin(withCode: string | null, sign: (backend: Backend, profile: string) => Promise<void>) {
    const profile = this.view?.selected;
    if (!profile) return;
    this.#withCode = withCode;
    void this.ask((backend) => sign(backend, profile));
  }

  /** Lets the system ask for the keychain. Returns what it said if it did not open, else nothing. */
  async unlock(): Promise<string> {
    let refusal = "";
    await this.ask(async (backend) => {
      const report = await backend.unlockKeychain();
      if (report.stands !== "ready") refusal = report.sentence;
    });
    return refusal;
  }

  /** The same for a problem that the keychain has made: it stays until the keychain is open. */
  async unlockFor(problem: Problem): Promise<void> {
    const refusal = await this.unlock();
    if (refusal) this.rejection = { ...problem, message: refusal };
    else if (!this.rejection) this.dismiss();
  }

  dismiss() {
    const shown = this.view?.problem ?? this.view?.signedOut;
    this.rejection = null;
    if (shown) void this.ask((backend) => backend.dismiss());
  }

  /** Tries again what failed: the sign-in if nobody is signed in, else the refresh. */
  retry() {
    if (this.view?.session.state === "signedIn") void this.ask((backend) => backend.refresh());
    else this.signInAgain();
  }
}

import type { ProfileForm } from "../backend/generated/ProfileForm";
import type { SetupView } from "../backend/generated/SetupView";

/** What has to be registered at the provider, as it becomes known. */
export class Registration {
  uris: string[] = $state.raw([]);

  #ask: (form: ProfileForm) => Promise<string[]>;
  /** Counts the questions, so that a late answer to an earlier one is thrown away. */
  #turn = 0;

  constructor(ask: (form: ProfileForm) => Promise<string[]>) {
    this.#ask = ask;
  }

  async look(form: ProfileForm): Promise<void> {
    const turn = ++this.#turn;
    // What cannot be told is shown as nothing: the form says itself what is wrong in it.
    const uris = await this.#ask(form).catch(() => []);
    if (turn === this.#turn) this.uris = uris;
  }
}

/** What of a form decides what has to be registered. */
export function aboutRedirect({ preset, values }: ProfileForm): ProfileForm {
  return { name: "", preset, values: values.filter(({ field }) => field === "redirect_uri" || field === "redirect_ports") };
}

/** What signing out can do at a provider, in a sentence. */
export function signingOut({ revokes, endsSession }: SetupView): string {
  if (revokes && endsSession) return "Signing out can revoke the tokens, and end the provider’s session in the browser.";
  if (revokes) return "Signing out can revoke the tokens. The provider’s session in the browser stays.";
  if (endsSession) return "Signing out can end the provider’s session in the browser. Tokens cannot be revoked.";
  return "Signing out forgets the session on this computer. The provider has no way to be told.";
}

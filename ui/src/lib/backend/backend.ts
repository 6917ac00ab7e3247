import type { ApiAnswer } from "./generated/ApiAnswer";
import type { ApiCall } from "./generated/ApiCall";
import type { TokensView } from "./generated/TokensView";
import type { View } from "./generated/View";

/**
 * All that the UI knows of the program behind it.
 *
 * Commands resolve once the request was taken; what came of it arrives as a view. Each of them
 * rejects with a `Problem`.
 */
export interface Backend {
  /** Calls back with each new view. Resolves, once subscribed, to what ends it. */
  subscribe(listener: (view: View) => void): Promise<() => void>;
  view(): Promise<View>;
  selectProfile(profile: string): Promise<void>;
  signIn(profile: string): Promise<void>;
  cancelSignIn(): Promise<void>;
  openAgain(): Promise<void>;
  /** The backend writes the clipboard: the link never passes through here. */
  copyLink(): Promise<void>;
  refresh(): Promise<void>;
  signOut(endSession: boolean): Promise<void>;
  dismiss(): Promise<void>;
  callApi(request: ApiCall): Promise<ApiAnswer>;
  /** What the tokens of the session say, without the tokens. */
  tokens(): Promise<TokensView>;
}

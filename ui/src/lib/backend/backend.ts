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
  /** Takes the address that the browser landed on. Rejects, and changes nothing, if that is not the answer. */
  pasteAddress(text: string): Promise<void>;
  refresh(): Promise<void>;
  signOut(endSession: boolean): Promise<void>;
  dismiss(): Promise<void>;
  callApi(request: ApiCall): Promise<ApiAnswer>;
  /** Breaks the running call off, which then rejects as cancelled. */
  cancelCall(): Promise<void>;
  /** Writes the call to the clipboard as a curl command that asks for the token itself. */
  copyCurl(request: ApiCall): Promise<void>;
  /** What the tokens of the session say, without the tokens. */
  tokens(): Promise<TokensView>;
}

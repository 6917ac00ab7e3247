import type { ApiAnswer } from "./generated/ApiAnswer";
import type { ApiCall } from "./generated/ApiCall";
import type { CheckView } from "./generated/CheckView";
import type { ClientSecretView } from "./generated/ClientSecretView";
import type { ExportView } from "./generated/ExportView";
import type { FlowView } from "./generated/FlowView";
import type { ImportView } from "./generated/ImportView";
import type { KeychainReport } from "./generated/KeychainReport";
import type { PastCall } from "./generated/PastCall";
import type { PresetView } from "./generated/PresetView";
import type { Problem } from "./generated/Problem";
import type { ProfileForm } from "./generated/ProfileForm";
import type { SettingChange } from "./generated/SettingChange";
import type { SharedView } from "./generated/SharedView";
import type { TokensView } from "./generated/TokensView";
import type { UpdateWish } from "./generated/UpdateWish";
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
  /** Signs in with the answer coming to a port, this time, although the profile asks for a link. */
  signInOverLoopback(profile: string): Promise<void>;
  /** Signs in with a code that is typed into a browser anywhere. */
  signInWithCode(profile: string): Promise<void>;
  cancelSignIn(): Promise<void>;
  /** Opens the link of the waiting sign-in once more, or the page where its code is typed. */
  openAgain(): Promise<void>;
  /** The backend writes the clipboard: the link never passes through here. Of a code it is the page's address. */
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
  /** An API call of the selected profile's list. */
  pastCall(id: number): Promise<PastCall>;
  /** Empties that list. */
  forgetCalls(): Promise<void>;
  /** A flow of the selected profile's list. */
  flow(id: number): Promise<FlowView>;
  /** Writes a flow to a file that can be attached to a report. */
  exportFlow(id: number): Promise<ExportView>;
  /** Shows the file that was written last in the system's file manager. */
  revealExport(): Promise<void>;
  /** Writes a problem, with what helps to understand it, to the clipboard. */
  copyProblem(problem: Problem): Promise<void>;
  changeSetting(change: SettingChange): Promise<void>;
  /** How the system keychain is. Nobody is asked for anything. */
  keychainState(): Promise<KeychainReport>;
  /** Writes something to the keychain, reads it back and removes it. */
  testKeychain(): Promise<KeychainReport>;
  /** Lets the system ask the person to unlock the keychain. */
  unlockKeychain(): Promise<KeychainReport>;
  /** What a profile can be made from. */
  presets(): Promise<PresetView[]>;
  /** A profile as a form. */
  profileForm(profile: string): Promise<ProfileForm>;
  /** Saves a form as a new profile, or in the place of the one it replaces. Rejects with a problem that names the field. */
  saveProfile(form: ProfileForm, replaces: string | null): Promise<void>;
  /** Removes a profile, and signs out of it first. */
  removeProfile(profile: string): Promise<void>;
  /** Tests what is in a form, saved or not, without signing in. */
  testProfile(form: ProfileForm): Promise<CheckView[]>;
  /** What has to be registered at the provider for what is in a form. */
  redirectUris(form: ProfileForm): Promise<string[]>;
  /** Whether a client secret is kept for a profile. Rejects if the keychain is locked; nobody is asked to unlock it. */
  clientSecret(profile: string): Promise<ClientSecretView>;
  /** Keeps the client secret of a profile in the keychain. It never comes back. */
  keepClientSecret(profile: string, secret: string): Promise<ClientSecretView>;
  forgetClientSecret(profile: string): Promise<ClientSecretView>;
  /** Reads a profile that somebody else has written, or the metadata at an address. Saves nothing. */
  importProfile(text: string, file: string | null): Promise<ImportView>;
  /** A profile as a text for somebody else. */
  shareProfile(profile: string): Promise<SharedView>;
  /** Writes that text to a file. */
  exportProfile(profile: string): Promise<ExportView>;
  /** Does something about a newer version of the app. Whoever wants to install one was asked before. */
  update(wish: UpdateWish): Promise<void>;
}

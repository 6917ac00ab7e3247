import { invoke, type InvokeArgs } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import type { Backend } from "./backend";
import type { ApiAnswer } from "./generated/ApiAnswer";
import type { CheckView } from "./generated/CheckView";
import type { ClientSecretView } from "./generated/ClientSecretView";
import type { ExportView } from "./generated/ExportView";
import type { FlowView } from "./generated/FlowView";
import type { ImportView } from "./generated/ImportView";
import type { KeychainReport } from "./generated/KeychainReport";
import type { PastCall } from "./generated/PastCall";
import type { PresetView } from "./generated/PresetView";
import type { ProfileForm } from "./generated/ProfileForm";
import type { SharedView } from "./generated/SharedView";
import type { TokensView } from "./generated/TokensView";
import type { View } from "./generated/View";
import { asProblem } from "./problem";

async function command<Answer = void>(name: string, args?: InvokeArgs): Promise<Answer> {
  try {
    return await invoke<Answer>(name, args);
  } catch (reason) {
    throw asProblem(reason);
  }
}

/** The shell, over Tauri's own channel. */
export function tauriBackend(): Backend {
  return {
    subscribe: (listener) => listen<View>("view", (event) => listener(event.payload)),
    view: () => command<View>("view"),
    selectProfile: (profile) => command("select_profile", { profile }),
    signIn: (profile) => command("sign_in", { profile }),
    signInOverLoopback: (profile) => command("sign_in_over_loopback", { profile }),
    signInWithCode: (profile) => command("sign_in_with_code", { profile }),
    cancelSignIn: () => command("cancel_sign_in"),
    openAgain: () => command("open_again"),
    copyLink: () => command("copy_link"),
    pasteAddress: (text) => command("paste_address", { text }),
    refresh: () => command("refresh"),
    signOut: (endSession) => command("sign_out", { endSession }),
    dismiss: () => command("dismiss"),
    callApi: (request) => command<ApiAnswer>("call_api", { request }),
    cancelCall: () => command("cancel_call"),
    copyCurl: (request) => command("copy_curl", { request }),
    tokens: () => command<TokensView>("tokens"),
    pastCall: (id) => command<PastCall>("past_call", { id }),
    forgetCalls: () => command("forget_calls"),
    flow: (id) => command<FlowView>("flow", { id }),
    exportFlow: (id) => command<ExportView>("export_flow", { id }),
    revealExport: () => command("reveal_export"),
    copyProblem: (problem) => command("copy_problem", { problem }),
    changeSetting: (change) => command("change_setting", { change }),
    keychainState: () => command<KeychainReport>("keychain_state"),
    testKeychain: () => command<KeychainReport>("test_keychain"),
    unlockKeychain: () => command<KeychainReport>("unlock_keychain"),
    presets: () => command<PresetView[]>("presets"),
    profileForm: (profile) => command<ProfileForm>("profile_form", { profile }),
    saveProfile: (form, replaces) => command("save_profile", { form, replaces }),
    removeProfile: (profile) => command("remove_profile", { profile }),
    testProfile: (form) => command<CheckView[]>("test_profile", { form }),
    redirectUris: (form) => command<string[]>("redirect_uris", { form }),
    clientSecret: (profile) => command<ClientSecretView>("client_secret", { profile }),
    keepClientSecret: (profile, secret) => command<ClientSecretView>("keep_client_secret", { profile, secret }),
    forgetClientSecret: (profile) => command<ClientSecretView>("forget_client_secret", { profile }),
    importProfile: (text, file) => command<ImportView>("import_profile", { text, file }),
    shareProfile: (profile) => command<SharedView>("share_profile", { profile }),
    exportProfile: (profile) => command<ExportView>("export_profile", { profile }),
    update: (wish) => command("update", { wish }),
  };
}

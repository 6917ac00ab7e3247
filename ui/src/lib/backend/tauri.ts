import { invoke, type InvokeArgs } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import type { Backend } from "./backend";
import type { ApiAnswer } from "./generated/ApiAnswer";
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
  };
}

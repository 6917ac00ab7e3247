import type { Backend } from "./backend";
import { tauriBackend } from "./tauri";

/** The backend of this build. The constant lets the bundler leave the other one out. */
export async function chooseBackend(): Promise<Backend> {
  if (__IN_BROWSER__) return (await import("./browser/backend")).browserBackend(window);
  return tauriBackend();
}

import type { Backend } from "../backend";
import type { KeychainReport } from "../generated/KeychainReport";
import type { ProfileForm } from "../generated/ProfileForm";
import type { SettingsView } from "../generated/SettingsView";
import type { View } from "../generated/View";
import { checksOf, formOf, judge, profileOf } from "./forms";
import { presets } from "./presets";
import { problem } from "./problems";
import { secretCommands, type SecretCommands } from "./secrets";
import { transferCommands, type TransferCommands } from "./transfer";

/** What the settings of the browser backend are at first. */
export const settings: SettingsView = {
  theme: "system",
  browser: null,
  browsers: [
    { name: "Chromium", command: "/usr/bin/chromium", default: true },
    { name: "Firefox", command: "/usr/bin/firefox", default: false },
  ],
  closeToTray: true,
  tray: true,
  startAtLogin: false,
  version: "1.2.3",
};

const neverSetUp = "The keychain has never been set up. Open “Passwords and Keys”, and give the login keyring a password.";

/** Settings that cannot be saved, because their folder cannot be written. */
const readOnly: SettingsView = { ...settings, theme: "light" };

/** States that only Settings tell apart. The first is a desktop with little: no tray, and nothing that starts at login. */
export const settingsStates: Record<string, () => Partial<View>> = {
  "settings-bare-desktop": () => ({
    settings: { ...settings, browser: 'firefox -P "Work account" %s', tray: false, startAtLogin: null },
    keychain: { kind: "memoryOnly", reason: neverSetUp },
  }),
  "settings-read-only": () => ({ settings: readOnly }),
};

/** What the settings can see of the view, and change in it. */
export interface Room {
  view(): View;
  change(change: Partial<View>): void;
}

export type SettingsCommands = Pick<
  Backend,
  "changeSetting" | "keychainState" | "testKeychain" | "presets" | "profileForm" | "saveProfile" | "removeProfile" | "testProfile"
> &
  TransferCommands &
  SecretCommands;

/** The commands behind Settings and the profile editor, in memory. */
export function settingsCommands(page: Window, room: Room): SettingsCommands {
  const forms = new Map<string, ProfileForm>();
  /** How long what asks others takes, in milliseconds. */
  const pause = () => new Promise((resolve) => page.setTimeout(resolve, 600));

  return {
    async changeSetting(change) {
      if (change.setting === "browser" && change.value?.startsWith("nowhere")) {
        throw problem("browser_unavailable", "There is no program `nowhere`.", "Write the whole path of the program, or choose a browser from the list.");
      }
      if (room.view().settings === readOnly) {
        throw problem("file_error", "The settings cannot be saved: the folder cannot be written.", "Check who may write to it, then try again.");
      }
      if (change.setting === "lookForUpdates") {
        const { updates } = room.view();
        return room.change({ updates: updates && { ...updates, automatic: change.value } });
      }
      room.change({ settings: { ...room.view().settings, [change.setting]: change.value } });
    },
    keychainState: async () => keychain(room.view(), null),
    async testKeychain() {
      await pause();
      const report = keychain(room.view(), Date.now());
      if (report.stands !== "ready") throw problem("keychain_unavailable", "The keychain did not take what was written.", report.sentence);
      return report;
    },
    presets: async () => presets,
    async profileForm(profile) {
      const view = room.view().profiles.find(({ name }) => name === profile);
      if (!view) throw problem("profile_not_found", `There is no profile named ${profile}.`, "Choose another one.");
      if (view.unusable) throw view.unusable;
      return forms.get(profile) ?? formOf(view);
    },
    async saveProfile(form, replaces) {
      judge(form);
      const { profiles, selected } = room.view();
      if (form.name !== replaces && profiles.some(({ name }) => name === form.name)) {
        throw problem("profile_exists", `There is a profile named ${form.name} already.`, "Choose another name, or remove the profile first.", "name");
      }
      forms.delete(replaces ?? "");
      forms.set(form.name, form);
      const saved = profileOf(form);
      const kept = profiles.map((profile) => {
        if (profile.name !== replaces) return profile;
        const { stands, account, demo, templates, provider } = profile;
        return { ...saved, stands, account, demo, templates, provider: demo ? provider : saved.provider };
      });
      room.change({ profiles: replaces === null ? [...profiles, saved] : kept, selected: selected === replaces || selected === "" ? saved.name : selected });
    },
    async removeProfile(profile) {
      const { profiles, selected } = room.view();
      const going = profiles.find(({ name }) => name === profile);
      if (going && !going.unusable && going.stands === "signedIn") await pause();
      forms.delete(profile);
      const left = room.view().profiles.filter(({ name }) => name !== profile);
      const chosen = selected === profile ? { selected: left[0]?.name ?? "", session: { state: "signedOut" } as const } : {};
      room.change({ profiles: left, ...chosen });
    },
    async testProfile(form) {
      judge(form);
      // Somebody who tests a name like this wants to see the waiting.
      await (form.name === "silent" ? new Promise(() => {}) : pause());
      return checksOf(form);
    },
    ...secretCommands(room),
    ...transferCommands(page, (profile) => forms.get(profile) ?? formOf(room.view().profiles.find(({ name }) => name === profile)!)),
  };
}

/** How the keychain of a view is, in the words of a report. */
export function keychain({ keychain }: View, tested: number | null): KeychainReport {
  const name = "GNOME Keyring";
  if (keychain.kind === "locked") return { stands: "locked", name, sentence: keychain.reason, tested: null };
  if (keychain.kind === "memoryOnly") {
    const known = keychain.reason === neverSetUp;
    return { stands: known ? "neverSetUp" : "absent", name: known ? name : null, sentence: keychain.reason, tested: null };
  }
  return { stands: "ready", name, sentence: "It is unlocked.", tested };
}

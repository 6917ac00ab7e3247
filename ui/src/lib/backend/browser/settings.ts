import type { Backend } from "../backend";
import type { CheckView } from "../generated/CheckView";
import type { KeychainReport } from "../generated/KeychainReport";
import type { PresetView } from "../generated/PresetView";
import type { ProfileForm } from "../generated/ProfileForm";
import type { ProfileView } from "../generated/ProfileView";
import type { SettingsView } from "../generated/SettingsView";
import type { View } from "../generated/View";
import { problem } from "./problems";

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
  version: "0.1.0",
};

/** What the settings can see of the view, and change in it. */
export interface Room {
  view(): View;
  change(change: Partial<View>): void;
}

export type SettingsCommands = Pick<
  Backend,
  "changeSetting" | "keychainState" | "testKeychain" | "presets" | "profileForm" | "saveProfile" | "removeProfile" | "testProfile"
>;

const preset: PresetView = {
  id: "oidc",
  title: "OpenID Connect",
  about: "Any provider that publishes its settings.",
  fields: [
    { name: "issuer", label: "Issuer", help: "The provider's address.", example: "https://login.example.com", required: true, advanced: false, kind: { kind: "text" } },
    { name: "client_id", label: "Client ID", help: "What the provider calls this app.", example: "0oa1f9kz3LmQvT", required: true, advanced: false, kind: { kind: "text" } },
    { name: "scopes", label: "Scopes", help: "What to ask for.", example: "openid profile", required: false, advanced: true, kind: { kind: "words" } },
  ],
};

/** The commands behind Settings and the profile editor, in memory. */
export function settingsCommands(room: Room): SettingsCommands {
  const forms = new Map<string, ProfileForm>();

  return {
    async changeSetting(change) {
      room.change({ settings: { ...room.view().settings, [change.setting]: change.value } });
    },
    keychainState: async () => keychain(room.view(), null),
    testKeychain: async () => keychain(room.view(), Date.now()),
    presets: async () => [preset],
    async profileForm(profile) {
      const view = room.view().profiles.find(({ name }) => name === profile);
      return forms.get(profile) ?? { name: profile, preset: preset.id, values: [{ field: "issuer", value: view?.issuer ?? "" }] };
    },
    async saveProfile(form, replaces) {
      const { profiles, selected } = room.view();
      if (form.name !== replaces && profiles.some(({ name }) => name === form.name)) {
        throw problem("profile_exists", `There is a profile named ${form.name} already.`, "Choose another name, or remove the profile first.", "name");
      }
      forms.delete(replaces ?? "");
      forms.set(form.name, form);
      const saved = profileOf(form);
      const kept = profiles.map((profile) => (profile.name === replaces ? { ...profile, ...saved } : profile));
      room.change({ profiles: replaces === null ? [...profiles, saved] : kept, selected: selected === replaces || selected === "" ? saved.name : selected });
    },
    async removeProfile(profile) {
      forms.delete(profile);
      const { profiles, selected } = room.view();
      const left = profiles.filter(({ name }) => name !== profile);
      const chosen = selected === profile ? { selected: left[0]?.name ?? "", session: { state: "signedOut" } as const } : {};
      room.change({ profiles: left, ...chosen });
    },
    async testProfile(): Promise<CheckView[]> {
      return [{ title: "Provider answers", outcome: "ok", seen: "Its settings were read in 84 ms.", remedy: "" }];
    },
  };
}

/** How the keychain of a view is, in the words of a report. */
export function keychain({ keychain }: View, tested: number | null): KeychainReport {
  const name = "GNOME Keyring";
  if (keychain.kind === "locked") return { stands: "locked", name, sentence: keychain.reason, tested: null };
  if (keychain.kind === "memoryOnly") return { stands: "absent", name: null, sentence: keychain.reason, tested: null };
  return { stands: "ready", name, sentence: "It is unlocked.", tested };
}

function profileOf({ name, values }: ProfileForm): ProfileView {
  const issuer = values.find(({ field }) => field === "issuer")?.value ?? "";
  return {
    name, issuer, provider: issuer.replace(/^https?:\/\//, ""), api: [], demo: false,
    stands: "signedOut", account: null, channel: "loopback", unusable: null, templates: [],
  };
}

import type { Backend } from "../backend";
import { problem } from "./problems";
import type { Room } from "./settings";

export type SecretCommands = Pick<Backend, "clientSecret" | "keepClientSecret" | "forgetClientSecret">;

/** The client secrets of the browser backend: it remembers only whose there are. */
export function secretCommands(room: Room): SecretCommands {
  const kept = new Set(["orders"]);
  const told = (profile: string) => ({ kept: kept.has(profile), memoryOnly: null });

  return {
    async clientSecret(profile) {
      const { keychain } = room.view();
      if (keychain.kind === "locked") throw problem("keychain_locked", "The keychain is locked.", "Unlock the keychain and try again.");
      return told(profile);
    },
    async keepClientSecret(profile, secret) {
      if (secret.trim() === "") {
        throw problem("profile_invalid", "What was given is no client secret.", "Copy the client secret again from the provider’s registration.", "client_secret");
      }
      kept.add(profile);
      const { keychain } = room.view();
      return { kept: true, memoryOnly: keychain.kind === "memoryOnly" ? keychain.reason : null };
    },
    async forgetClientSecret(profile) {
      kept.delete(profile);
      return told(profile);
    },
  };
}

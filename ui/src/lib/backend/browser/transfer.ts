import type { Backend } from "../backend";
import examples from "../generated/examples/redirect_uris.json";
import type { ImportView } from "../generated/ImportView";
import type { ProfileForm } from "../generated/ProfileForm";
import { filled } from "./forms";
import { problem } from "./problems";

export type TransferCommands = Pick<Backend, "redirectUris" | "importProfile" | "shareProfile" | "exportProfile">;

/** What each preset registers when nothing else is said: the engine's own, as `cargo test export_bindings` writes them. */
const usual: Record<string, string[]> = examples;

const command = "It is a command, and Doorkey runs none from a file of somebody else's. Set your own in the profile if it needs one.";

/** Profiles from others and for others, as far as the browser backend can tell. */
export function transferCommands(page: Window, formOf: (profile: string) => ProfileForm): TransferCommands {
  return {
    async redirectUris(form) {
      const values = filled(form);
      const written = values.get("redirect_uri") ?? "";
      if (written === "" && !values.get("redirect_ports")) return usual[form.preset] ?? [];
      const uri = URL.parse(written || "http://127.0.0.1/callback");
      const ports = (values.get("redirect_ports") ?? "").split(/[\s,]+/).filter((port) => port !== "");
      if (!uri || uri.protocol === "https:") return [];
      if (uri.protocol !== "http:") return [uri.href];
      return ports.length === 0 ? [uri.href] : ports.map((port) => `http://${uri.hostname}:${port}${uri.pathname}`);
    },
    async importProfile(text, file) {
      await new Promise((resolve) => page.setTimeout(resolve, 300));
      return read(text.trim(), file);
    },
    shareProfile: async (profile) => ({ text: written(formOf(profile)), leftOut: profile === "orders" ? [{ field: "browser", why: "It is this computer's." }] : [] }),
    exportProfile: async (profile) => ({ file: `${profile}.toml`, folder: "Downloads" }),
  };
}

function read(text: string, file: string | null): ImportView {
  const name = file?.replace(/\.\w+$/, "").toLowerCase();
  if (URL.canParse(text)) return { form: formAt(new URL(text).origin, new URL(text).hostname), leftOut: [] };
  if (/client_secret/.test(text)) {
    const where = file ?? "What you pasted";
    throw problem("profile_invalid", `${where}, line 3: \`client_secret\` is a secret.`, "Remove this line, and have the person who sent it change the secret.");
  }
  const issuer = /^issuer = "(.*)"$/m.exec(text)?.[1];
  if (!issuer) throw problem("profile_invalid", `${file ?? "What you pasted"}: this is no profile.`, "Name a profile file of Doorkey's or a config file of Flyte's.");
  const leftOut = /^browser/m.test(text) ? [{ field: "browser", why: command }] : [];
  return { form: formAt(issuer, name ?? new URL(issuer).hostname), leftOut };
}

function formAt(issuer: string, name: string): ProfileForm {
  return { name, preset: "oidc", values: [{ field: "issuer", value: issuer }] };
}

function written(form: ProfileForm): string {
  const lines = form.values.map(({ field, value }) => `${field} = ${JSON.stringify(value)}`);
  return ["# A profile for Doorkey, without secrets. To use it: doorkey profile import FILE", ...lines, ""].join("\n");
}

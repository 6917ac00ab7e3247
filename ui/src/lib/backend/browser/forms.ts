import type { CheckView } from "../generated/CheckView";
import type { ProfileForm } from "../generated/ProfileForm";
import type { ProfileView } from "../generated/ProfileView";
import { appLink, presets } from "./presets";
import { problem } from "./problems";

/** What is filled in, by field. */
export function filled({ values }: ProfileForm): Map<string, string> {
  return new Map(values.map(({ field, value }) => [field, value]));
}

/** A profile of the beginning as a form. */
export function formOf({ name, issuer, api, channel }: ProfileView): ProfileForm {
  const values: Record<string, string> = {
    issuer,
    client_id: "0oa1f9kz3LmQvT",
    scopes: "openid profile email offline_access",
    api: api.join(" "),
    ...(channel === "deepLink" ? { redirect_uri: appLink, authorization_parameters: "audience=https://flyte.acme.example\nprompt=" } : {}),
  };
  return { name, preset: "oidc", values: Object.entries(values).map(([field, value]) => ({ field, value })) };
}

/** The profile that a form describes. */
export function profileOf(form: ProfileForm): ProfileView {
  const values = filled(form);
  const issuer = values.get("issuer") ?? values.get("authorization_endpoint") ?? "";
  return {
    name: form.name,
    issuer,
    provider: URL.parse(issuer)?.hostname ?? issuer,
    api: (values.get("api") ?? "").split(/\s+/).filter((origin) => origin !== ""),
    demo: false,
    stands: "signedOut",
    account: null,
    channel: values.get("redirect_uri") === appLink ? "deepLink" : "loopback",
    offersCode: false,
    unusable: null,
    templates: [],
  };
}

/** Refuses what is no profile, as the program does: at the first field that is missing or wrong. */
export function judge(form: ProfileForm) {
  const refuse = (message: string, hint: string, field: string | null) => {
    throw problem("profile_invalid", message, hint, field);
  };
  if (!/^[a-z0-9][a-z0-9._-]{0,63}$/.test(form.name)) {
    refuse(
      `“${form.name}” cannot be the name of a profile.`,
      "Use 1 to 64 lower-case letters, digits, `-`, `_` or `.`, beginning with a letter or digit.",
      "name",
    );
  }
  const values = filled(form);
  const preset = presets.find(({ id }) => id === form.preset);
  if (!preset) return refuse(`There is no preset “${form.preset}”.`, "Choose one of those that are listed.", null);
  for (const { name, label, help, example, required, kind } of preset.fields) {
    const value = values.get(name) ?? "";
    if (required && value === "") refuse(`${label} is missing.`, example === "" ? help : `${help.slice(0, -1)}, such as ${example}`, name);
    if (kind.kind === "number" && value !== "" && !/^\d+$/.test(value)) refuse(`“${value}” is not a number.`, "Correct it and try again.", name);
  }
  for (const name of ["issuer", "api"]) {
    const wrong = (values.get(name) ?? "").split(/\s+/).find((address) => address !== "" && !/^(https:\/\/|http:\/\/(127\.0\.0\.1|localhost)\b)/.test(address));
    if (wrong !== undefined) refuse(`“${wrong}” is not an https: address.`, "A token never travels over plain http to another computer. Begin with https://", name);
  }
  if (values.get("authorization_parameters")?.match(/^(state|nonce|client_id|scope)=/m)) {
    refuse("This parameter is set by Doorkey itself.", "Remove this line.", "authorization_parameters");
  }
  if (form.name === "unwritable") throw problem("file_error", "The profile cannot be written: the disk is full.", "Make room on the disk, then save again.");
}

/** What a test of a form finds: all in order for the demo, and whatever there is to find for the others. */
export function checksOf(form: ProfileForm): CheckView[] {
  const values = filled(form);
  const issuer = values.get("issuer") ?? values.get("authorization_endpoint") ?? "";
  const host = URL.parse(issuer)?.hostname ?? issuer;
  const redirect = values.get("redirect_uri") ?? "http://127.0.0.1/callback";
  if (host === "login.contoso.example") {
    return [
      { title: "Provider answers", outcome: "failed", seen: `Nothing answers at ${issuer}/.well-known/openid-configuration.`, remedy: "Check the issuer, the network connection, VPN and proxy." },
    ];
  }
  const found: CheckView[] = [
    { title: "Provider answers", outcome: "ok", seen: `Its settings were read from ${issuer} in 84 ms.`, remedy: "" },
    { title: "PKCE with S256", outcome: "ok", seen: "The provider says that it supports it.", remedy: "" },
  ];
  if (host === "127.0.0.1") return found;
  return [
    ...found,
    { title: "Redirect URI", outcome: "warning", seen: "Only a sign-in can tell whether the provider knows it.", remedy: `Register ${redirect} at ${host}.` },
  ];
}

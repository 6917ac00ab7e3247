import type { FieldKind } from "../generated/FieldKind";
import type { FieldView } from "../generated/FieldView";
import type { PresetView } from "../generated/PresetView";

const text: FieldKind = { kind: "text" };
const words: FieldKind = { kind: "words" };

function field(name: string, label: string, help: string, example = "", kind = text): FieldView {
  return { name, label, help, example, kind, required: false, advanced: false };
}
const required = (field: FieldView): FieldView => ({ ...field, required: true });
const advanced = (field: FieldView): FieldView => ({ ...field, advanced: true });

const issuer = required(field("issuer", "Issuer", "The issuer, exactly as the provider writes it.", "https://login.example.com"));
const client = required(field("client_id", "Client ID", "The client id that the provider gave."));

const endpoints = [
  required(field("authorization_endpoint", "Authorization endpoint", "Where the browser is sent.", "https://app.example.com/oauth/authorize")),
  required(field("token_endpoint", "Token endpoint", "Where codes are redeemed.", "https://app.example.com/oauth/token")),
];
const furtherEndpoints = [
  advanced(field("revocation_endpoint", "Revocation endpoint", "Where tokens are revoked.", "https://app.example.com/oauth/revoke")),
  advanced(field("userinfo_endpoint", "Userinfo endpoint", "Where OpenID Connect claims are told.", "https://app.example.com/userinfo")),
];
const access = [
  field("scopes", "Scopes", "The scopes to ask for, with spaces between them.", "openid profile email offline_access", words),
  field("api", "APIs", "The APIs that the token may go to, with spaces between them.", "https://api.example.com/v1", words),
];
const further = [
  field("redirect_uri", "Redirect URI", "The registered redirect URI, http://127.0.0.1/callback by default.", "http://127.0.0.1/callback"),
  field("redirect_ports", "Redirect ports", "Ports to try one after the other.", "8400 8401", words),
  field("response_mode", "Response mode", "query, or form_post.", "", { kind: "choice", options: ["query", "form_post"] }),
  field("additional_audiences", "Additional audiences", "Further audiences that an ID token may name.", "", words),
  field("ca_file", "Certificates", "A PEM file with certificates to trust as well."),
  field("allow_private_endpoints", "Private endpoints", "Whether a public issuer may name private addresses.", "", { kind: "flag" }),
  field("timeout_seconds", "Time to sign in", "How long a sign-in waits for the browser.", "300", { kind: "number" }),
  field("browser", "Browser", "The command of the browser to sign in with.", "firefox --private-window %s"),
  field("authorization_parameters", "Authorization parameters", "A further parameter of the authorization request.", "audience=https://api.example.com", { kind: "pairs" }),
].map(advanced);
const whoAmI = [
  field("who_am_i", "Account URL", "A URL that tells whose token it is, as JSON.", "https://app.example.com/api/user"),
  field("who_am_i_subject", "Account ID", "JSON pointer to the account's id there, /id by default.", "/id"),
  field("who_am_i_name", "Account name", "JSON pointer to the name there, such as /login.", "/login"),
  field("who_am_i_email", "Account e-mail", "JSON pointer to the e-mail address there.", "/email"),
].map(advanced);

/** What a profile can be made from, as the program tells it. */
export const presets: PresetView[] = [
  {
    id: "oidc",
    title: "OpenID Connect",
    about: "An OpenID Connect provider, or an OAuth 2 server that publishes its metadata.",
    fields: [issuer, client, ...access, ...further, ...whoAmI],
  },
  {
    id: "oauth2",
    title: "OAuth 2",
    about: "A plain OAuth 2 server, whose endpoints are given one by one.",
    fields: [...endpoints, client, ...furtherEndpoints, ...whoAmI, ...access, ...further],
  },
];

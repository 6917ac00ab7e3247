//! Google.

use super::definition::{Definition, SignOut};
use super::field::Field;
use super::field::FieldKind::Text;
use super::outline::Variant;
use super::shared::{AUTH_METHOD, CLIENT, CLIENT_SECRET, FURTHER, WHO_AM_I, access};

pub(super) const PRESET: Definition = Definition {
    id: "google",
    title: "Google",
    about: "Google accounts, for who somebody is",
    fields: &[
        &[CLIENT, CLIENT_SECRET, HOSTED_DOMAIN, LOGIN_HINT, ISSUER],
        &access("openid email profile"),
        &[AUTH_METHOD],
        &FURTHER,
        &WHO_AM_I,
    ],
    server: &[Variant::of("issuer = '{issuer}'")],
    // The secret of a Desktop client is demanded in each request, and a refresh token comes only for offline access, after the
    // first time only with consent.
    defaults: r#"
token_endpoint_auth_method = "client_secret_post"
scopes = ["openid", "email", "profile"]

[authorization_parameters]
access_type = "offline"
prompt = "consent"
"#,
    redirect_rule: "A Desktop client may use any port and path of 127.0.0.1",
    checklist: &[
        "Create an OAuth client of type Desktop app, and copy its client ID and client secret.",
        "There is no redirect URI to register: a Desktop client may use any port of 127.0.0.1.",
        "On the consent screen, add the scopes, and yourself as a test user while the app is being tested.",
    ],
    caution: "",
    sign_out: SignOut {
        revokes: true,
        ends_session: false,
    },
};

pub(super) const HOSTED_DOMAIN: Field = Field::new(
    "hosted_domain",
    &["authorization_parameters", "hd"],
    Text,
    "Hosted domain",
    "The Workspace domain whose accounts are offered",
)
.example("example.com")
.advanced();

pub(super) const LOGIN_HINT: Field = Field::new(
    "login_hint",
    &["authorization_parameters", "login_hint"],
    Text,
    "Account",
    "The e-mail address of the account to offer first",
)
.example("ada@example.com")
.advanced();

pub(super) const ISSUER: Field = Field::part_of_others(
    "issuer",
    Text,
    "Issuer",
    "The issuer, unless it is Google itself",
)
.example("https://accounts.google.com")
.fallback("https://accounts.google.com")
.advanced();

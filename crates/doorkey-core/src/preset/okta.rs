//! Okta.

use super::definition::{Definition, SignOut};
use super::field::Field;
use super::field::FieldKind::{Origin, Segment, Text};
use super::outline::Variant;
use super::shared::{CLIENT, FURTHER, WHO_AM_I, access};

pub(super) const PRESET: Definition = Definition {
    id: "okta",
    title: "Okta",
    about: "An Okta organization, with its own authorization server or a custom one",
    fields: &[
        &[DOMAIN, CLIENT, SERVER],
        &access("openid profile email offline_access"),
        &[IDENTITY_PROVIDER],
        &FURTHER,
        &WHO_AM_I,
    ],
    server: &[
        Variant::of("issuer = '{domain}/oauth2/{authorization_server}'"),
        Variant::of("issuer = '{domain}'"),
    ],
    // Okta gives refresh tokens without asking for consent each time.
    defaults: r#"
scopes = ["openid", "profile", "email", "offline_access"]
redirect_uri = "http://127.0.0.1/callback"
redirect_ports = [8714, 8715, 8716]
[authorization_parameters]
prompt = ""
"#,
    redirect_rule: "Every character counts, the port among them",
    checklist: &[
        "Create an app integration: OIDC, Native Application.",
        "Set client authentication to None; PKCE is required then.",
        "Allow the grants Authorization Code and Refresh Token.",
        "Add the redirect URIs to Sign-in redirect URIs, and assign the people who may sign in.",
    ],
    caution: "Tokens of the organization's own server are not for APIs of yours: for those, name a custom server such as default.",
    sign_out: SignOut::BOTH,
};

const DOMAIN: Field = Field::part_of_others(
    "domain",
    Origin,
    "Okta domain",
    "The domain of the organization",
)
.example("acme.okta.com")
.required();

const SERVER: Field = Field::part_of_others(
    "authorization_server",
    Segment,
    "Authorization server",
    "The id of a custom authorization server; empty for the organization's own",
)
.example("default");

const IDENTITY_PROVIDER: Field = Field::new(
    "idp",
    &["authorization_parameters", "idp"],
    Text,
    "Identity provider",
    "The id of the identity provider to go to at once",
)
.example("0oa1f9kz3LmQvT")
.advanced();

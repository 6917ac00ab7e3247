//! OpenID Connect, and OAuth 2 servers that publish their metadata.

use super::definition::{Definition, SignOut};
use super::field::Field;
use super::field::FieldKind::Text;
use super::shared::{ACCESS, CLIENT, CLIENT_AUTHENTICATION, FURTHER, WHO_AM_I};

pub(super) const PRESET: Definition = Definition {
    id: "oidc",
    title: "OpenID Connect",
    about: "An OpenID Connect provider, or an OAuth 2 server that publishes its metadata",
    fields: &[
        &[ISSUER, CLIENT],
        &ACCESS,
        &CLIENT_AUTHENTICATION,
        &FURTHER,
        &WHO_AM_I,
    ],
    server: &[],
    defaults: "",
    redirect_rule: "Providers differ: some take any port of 127.0.0.1, others compare every character",
    checklist: &[
        "Register a public client for a native or desktop application, without a secret.",
        "Allow the authorization code grant with PKCE, and refresh tokens.",
        "If the provider insists on a client secret, say how it is sent; Doorkey keeps it in the keychain.",
    ],
    caution: "",
    sign_out: SignOut::BOTH,
};

const ISSUER: Field = Field::new(
    "issuer",
    &["issuer"],
    Text,
    "Issuer",
    "The issuer, exactly as the provider writes it",
)
.example("https://login.example.com")
.required();

//! OAuth 2 servers without metadata.

use super::definition::{Definition, SignOut};
use super::field::Field;
use super::field::FieldKind::Text;
use super::shared::{ACCESS, CLIENT, CLIENT_AUTHENTICATION, FURTHER, WHO_AM_I};

pub(super) const PRESET: Definition = Definition {
    id: "oauth2",
    title: "OAuth 2",
    about: "A plain OAuth 2 server, whose endpoints are given one by one",
    fields: &[
        &[AUTHORIZATION, TOKEN, CLIENT, DEVICE, REVOCATION, USERINFO],
        &WHO_AM_I,
        &ACCESS,
        &CLIENT_AUTHENTICATION,
        &FURTHER,
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
    sign_out: SignOut::NEITHER,
};

const AUTHORIZATION: Field = Field::new(
    "authorization_endpoint",
    &["endpoints", "authorization"],
    Text,
    "Authorization endpoint",
    "Where the browser is sent",
)
.example("https://app.example.com/oauth/authorize")
.required();

const TOKEN: Field = Field::new(
    "token_endpoint",
    &["endpoints", "token"],
    Text,
    "Token endpoint",
    "Where codes are redeemed",
)
.example("https://app.example.com/oauth/token")
.required();

const DEVICE: Field = Field::new(
    "device_authorization_endpoint",
    &["endpoints", "device_authorization"],
    Text,
    "Device endpoint",
    "Where a code to type into another browser is asked for",
)
.example("https://app.example.com/oauth/device/code")
.advanced();

const REVOCATION: Field = Field::new(
    "revocation_endpoint",
    &["endpoints", "revocation"],
    Text,
    "Revocation endpoint",
    "Where tokens are revoked",
)
.example("https://app.example.com/oauth/revoke")
.advanced();

const USERINFO: Field = Field::new(
    "userinfo_endpoint",
    &["endpoints", "userinfo"],
    Text,
    "Userinfo endpoint",
    "Where OpenID Connect claims are told",
)
.example("https://app.example.com/userinfo")
.advanced();

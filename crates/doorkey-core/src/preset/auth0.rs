//! Auth0.

use super::definition::{Definition, SignOut};
use super::field::Field;
use super::field::FieldKind::{Origin, Text};
use super::outline::Variant;
use super::shared::{CLIENT, FURTHER, WHO_AM_I, access};

pub(super) const PRESET: Definition = Definition {
    id: "auth0",
    title: "Auth0",
    about: "An Auth0 tenant, also one that leads to Google or to an enterprise connection",
    fields: &[
        &[DOMAIN, CLIENT, AUDIENCE, CONNECTION],
        &access("openid profile email offline_access"),
        &FURTHER,
        &WHO_AM_I,
    ],
    // The issuer ends with a slash, and is compared with it.
    server: &[Variant::of("issuer = '{domain}/'")],
    defaults: r#"
scopes = ["openid", "profile", "email", "offline_access"]
redirect_uri = "http://127.0.0.1/callback"
redirect_ports = [8714, 8715, 8716]
"#,
    redirect_rule: "Every character counts, the port among them",
    checklist: &[
        "Create an application of type Native; it has no secret.",
        "Add the redirect URIs to Allowed Callback URLs.",
        "For an API: create it, use its identifier as audience, and switch on Allow Offline Access.",
        "Under Refresh Token Rotation, leave an overlap of some seconds.",
    ],
    caution: "Without an audience the access token is only good for userinfo. Auth0 may ask to confirm each sign-in of a desktop application, even while its session lasts.",
    sign_out: SignOut::BOTH,
};

const DOMAIN: Field = Field::part_of_others(
    "domain",
    Origin,
    "Domain",
    "The tenant's domain, or its custom domain",
)
.example("acme.eu.auth0.com")
.required();

const AUDIENCE: Field = Field::new(
    "audience",
    &["authorization_parameters", "audience"],
    Text,
    "Audience",
    "The identifier of the API that the token is for",
)
.example("https://api.example.com");

const CONNECTION: Field = Field::new(
    "connection",
    &["authorization_parameters", "connection"],
    Text,
    "Connection",
    "The connection to go to at once, without asking",
)
.example("google-oauth2")
.advanced();

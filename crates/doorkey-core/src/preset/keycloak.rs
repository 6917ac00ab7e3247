//! Keycloak.

use super::definition::{Definition, SignOut};
use super::field::Field;
use super::field::FieldKind::{Base, Segment, Text};
use super::outline::Variant;
use super::shared::{CLIENT, FURTHER, WHO_AM_I, access};

pub(super) const PRESET: Definition = Definition {
    id: "keycloak",
    title: "Keycloak",
    about: "A realm of a Keycloak server",
    fields: &[
        &[BASE, REALM, CLIENT],
        &access("openid profile email offline_access"),
        &[IDENTITY_PROVIDER],
        &FURTHER,
        &WHO_AM_I,
    ],
    server: &[Variant::of("issuer = '{base_url}/realms/{realm}'")],
    defaults: r#"
scopes = ["openid", "profile", "email", "offline_access"]
[authorization_parameters]
prompt = ""
"#,
    redirect_rule: "Any port of 127.0.0.1 if the URI is registered without one",
    checklist: &[
        "Create a client: OpenID Connect, client authentication off, standard flow on.",
        "Add the redirect URI without a port to Valid redirect URIs, and to Valid post logout redirect URIs.",
        "Set Proof Key for Code Exchange Code Challenge Method to S256.",
        "Sessions that outlast the browser's need the optional client scope offline_access.",
    ],
    caution: "Before version 17 the address ends with /auth.",
    sign_out: SignOut::BOTH,
};

const BASE: Field = Field::part_of_others(
    "base_url",
    Base,
    "Keycloak URL",
    "The address of the server, before /realms",
)
.example("https://sso.example.com")
.required();

const REALM: Field = Field::part_of_others(
    "realm",
    Segment,
    "Realm",
    "The realm's name, as it stands in addresses",
)
.example("acme")
.required();

const IDENTITY_PROVIDER: Field = Field::new(
    "kc_idp_hint",
    &["authorization_parameters", "kc_idp_hint"],
    Text,
    "Identity provider",
    "The alias of the identity provider to go to at once",
)
.example("google")
.advanced();

//! OpenID Connect, and OAuth 2 servers that publish their metadata.

use super::Definition;
use super::field::Field;
use super::field::FieldKind::Text;
use super::shared::{ACCESS, CLIENT, FURTHER, WHO_AM_I};

pub(super) const PRESET: Definition = Definition {
    id: "oidc",
    title: "OpenID Connect",
    about: "An OpenID Connect provider, or an OAuth 2 server that publishes its metadata",
    fields: &[&[ISSUER, CLIENT], &ACCESS, &FURTHER, &WHO_AM_I],
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

//! Flyte.

use super::definition::{Definition, SignOut};
use super::field::Field;
use super::field::FieldKind::{Base, Text};
use super::outline::Variant;
use super::shared::{FURTHER, WHO_AM_I, access};

pub(super) const PRESET: Definition = Definition {
    id: "flyte",
    title: "Flyte",
    about: "A Flyte cluster that is its own authorization server, or one behind another",
    fields: &[
        &[BASE],
        &[CLIENT_ID, ISSUER, AUDIENCE],
        &access("all offline"),
        &FURTHER,
        &WHO_AM_I,
    ],
    server: &[
        Variant::of("issuer = '{issuer}'"),
        Variant::of("issuer = '{base_url}'"),
    ],
    defaults: r#"
client_settings = "{base_url}/config/v1/flyte_client"
api = ["{base_url}"]
[who_am_i]
url = "{base_url}/me"
subject = "/subject"
name = "/name"
email = "/email"
[[templates]]
method = "GET"
path = "/api/v1/projects"
title = "List projects"
[[templates]]
method = "GET"
path = "/me"
title = "Who am I"
"#,
    redirect_rule: "Every character counts; the cluster says at each sign-in which one its client has, usually http://localhost:53593/callback",
    checklist: &[
        "There is nothing to register: the cluster tells its client, redirect URI, scopes and audience at BASE-URL/config/v1/flyte_client.",
        "If another server signs people in, fill in its issuer as BASE-URL/.well-known/oauth-authorization-server names it.",
    ],
    caution: "",
    sign_out: SignOut::NEITHER,
};

const BASE: Field =
    Field::part_of_others("base_url", Base, "Flyte URL", "The address of the cluster")
        .example("https://flyte.example.com")
        .required();

const CLIENT_ID: Field = Field::new(
    "client_id",
    &["client_id"],
    Text,
    "Client ID",
    "The client id, if it is another than the cluster tells",
)
.example("flytectl")
.advanced();

const ISSUER: Field = Field::part_of_others(
    "issuer",
    Text,
    "Issuer",
    "The issuer, if the cluster is not its own authorization server",
)
.example("https://acme.okta.com/oauth2/default")
.advanced();

const AUDIENCE: Field = Field::new(
    "audience",
    &["authorization_parameters", "audience"],
    Text,
    "Audience",
    "The audience, if it is another than the cluster tells",
)
.example("https://flyte.example.com")
.advanced();

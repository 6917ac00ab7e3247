//! Active Directory Federation Services.

use super::definition::{Definition, SignOut};
use super::field::Field;
use super::field::FieldKind::{Choice, Origin, Text};
use super::outline::Variant;
use super::shared::{CLIENT, FURTHER, WHO_AM_I, access};

pub(super) const PRESET: Definition = Definition {
    id: "adfs",
    title: "AD FS",
    about: "Active Directory Federation Services of Windows Server 2019 or later",
    fields: &[
        &[HOST, CLIENT, SERVER, RESOURCE],
        &access("openid profile email"),
        &FURTHER,
        &WHO_AM_I,
    ],
    server: &[Variant::of("issuer = '{host}/adfs'")],
    defaults: r#"
scopes = ["openid", "profile", "email"]
redirect_uri = "http://127.0.0.1/callback"
redirect_ports = [8714, 8715, 8716]
"#,
    redirect_rule: "Every character counts, the port among them",
    checklist: &[
        "Add an application group: Native application, or Native application accessing a web API.",
        "Add every redirect URI; signing out uses one of them as well.",
        "For a web API, permit openid and the API's own scopes to the client, and ask for one API only: resource/scope.",
    ],
    caution: "AD FS does not say whether it checks PKCE. Windows Server 2016 does not, and a sign-in without it is not safe.",
    sign_out: SignOut {
        revokes: false,
        ends_session: true,
    },
};

const HOST: Field = Field::part_of_others(
    "host",
    Origin,
    "Federation service",
    "The name of the federation service",
)
.example("fs.example.com")
.required();

const SERVER: Field = Field::part_of_others(
    "windows_server",
    Choice(&["2016", "2019", "2022", "2025"]),
    "Windows Server",
    "The version that AD FS runs on; it is not kept",
)
.refuse(
    "2016",
    "AD FS of Windows Server 2016 cannot do PKCE, and a sign-in without it is not safe",
);

const RESOURCE: Field = Field::new(
    "resource",
    &["authorization_parameters", "resource"],
    Text,
    "Resource",
    "The API that the token is for, where it is not in the scopes",
)
.example("https://api.example.com")
.advanced();

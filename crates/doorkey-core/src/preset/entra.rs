//! Microsoft Entra ID.

use super::definition::{Definition, SignOut};
use super::field::Field;
use super::field::FieldKind::{Origin, Segment, Text};
use super::outline::Variant;
use super::shared::{CLIENT, FURTHER, WHO_AM_I, access};

pub(super) const PRESET: Definition = Definition {
    id: "entra",
    title: "Microsoft Entra ID",
    about: "Work and school accounts of Microsoft, of one organization or of several",
    fields: &[
        &[TENANT, CLIENT],
        &access("openid profile email offline_access"),
        &[DOMAIN_HINT, HOST],
        &FURTHER,
        &WHO_AM_I,
    ],
    server: &[
        // The metadata for several tenants names an issuer that is a template.
        Variant::of(
            "issuer = '{host}/{tenant}/v2.0'\nquirks.issuer_template = '{host}/{tenantid}/v2.0'",
        )
        .only("tenant", &["organizations", "common"]),
        Variant::of("issuer = '{host}/{tenant}/v2.0'"),
    ],
    // Whoever may not consent by themselves cannot pass `prompt=consent`; the refresh token comes without.
    defaults: r#"
scopes = ["openid", "profile", "email", "offline_access"]
redirect_uri = "http://localhost/callback"
[authorization_parameters]
prompt = "select_account"
"#,
    redirect_rule: "Any port of localhost; the path counts, with its upper and lower case",
    checklist: &[
        "Register an application, for accounts of this organization or of several.",
        "Under Authentication, add the platform Mobile and desktop applications with the redirect URI, without a port. Not as a single-page application.",
        "Set Allow public client flows to Yes.",
        "For an API, add its scope whole, such as api://1f0c.../read: one API for each profile.",
    ],
    caution: "For a single organization, give the tenant's ID: its domain name is answered with another issuer, which the error then names.",
    sign_out: SignOut {
        revokes: false,
        ends_session: true,
    },
};

const TENANT: Field = Field::part_of_others(
    "tenant",
    Segment,
    "Tenant",
    "The tenant's ID, or organizations, or common for personal accounts as well",
)
.example("organizations")
.required();

const HOST: Field = Field::part_of_others(
    "host",
    Origin,
    "Microsoft's host",
    "The host, for national clouds",
)
.example("login.microsoftonline.us")
.fallback("https://login.microsoftonline.com")
.advanced();

const DOMAIN_HINT: Field = Field::new(
    "domain_hint",
    &["authorization_parameters", "domain_hint"],
    Text,
    "Domain hint",
    "The domain of the accounts to offer",
)
.example("example.com")
.advanced();

//! Fields that presets share.

use super::field::Field;
use super::field::FieldKind::{Choice, Flag, Number, Pairs, Ports, Requests, Secret, Text, Words};

/// The client at the provider.
pub(super) const CLIENT: Field = Field::new(
    "client_id",
    &["client_id"],
    Text,
    "Client ID",
    "The client id that the provider gave",
)
.required();

/// What a provider gives a client besides its id, and insists on.
pub(super) const CLIENT_SECRET: Field = Field::new(
    "client_secret",
    &[],
    Secret,
    "Client secret",
    "The client secret that the provider gave, kept in the keychain; in a desktop program it is not a secret, since everybody who has the program has it",
);

/// Where the secret goes in a request.
pub(super) const AUTH_METHOD: Field = Field::new(
    "token_endpoint_auth_method",
    &["token_endpoint_auth_method"],
    Choice(&["none", "client_secret_post", "client_secret_basic"]),
    "Client authentication",
    "How the client says who it is: none, or with its secret in the body or as HTTP Basic",
)
.advanced();

/// Both, for presets whose clients mostly have no secret.
pub(super) const CLIENT_AUTHENTICATION: [Field; 2] = [AUTH_METHOD, CLIENT_SECRET.advanced()];

/// What is asked for, and where the token may go.
pub(super) const ACCESS: [Field; 2] = access("openid profile email offline_access");

/// The same with the scopes that the preset asks for by itself.
pub(super) const fn access(usual_scopes: &'static str) -> [Field; 2] {
    [
        Field::new(
            "scopes",
            &["scopes"],
            Words,
            "Scopes",
            "The scopes to ask for, with spaces between them",
        )
        .example(usual_scopes),
        Field::new(
            "api",
            &["api"],
            Words,
            "APIs",
            "The APIs that the token may go to, with spaces between them",
        )
        .example("https://api.example.com/v1"),
    ]
}

/// What most providers do not need.
pub(super) const FURTHER: [Field; 16] = [
    Field::new(
        "redirect_uri",
        &["redirect_uri"],
        Text,
        "Redirect URI",
        "The registered redirect URI, if it is another than usual",
    )
    .example("http://127.0.0.1/callback")
    .advanced(),
    Field::new(
        "redirect_ports",
        &["redirect_ports"],
        Ports,
        "Redirect ports",
        "Ports to try one after the other",
    )
    .example("8400 8401")
    .advanced(),
    Field::new(
        "response_mode",
        &["response_mode"],
        Choice(&["query", "form_post"]),
        "Response mode",
        "query, or form_post",
    )
    .advanced(),
    Field::new(
        "client_settings",
        &["client_settings"],
        Text,
        "Client settings",
        "Where a server tells what the profile leaves open about its client",
    )
    .example("https://flyte.example.com/config/v1/flyte_client")
    .advanced(),
    Field::new(
        "authorization_header",
        &["authorization_header"],
        Text,
        "Token header",
        "The header under which the API takes the token, if it is not Authorization",
    )
    .example("flyte-authorization")
    .advanced(),
    Field::new(
        "additional_audiences",
        &["additional_audiences"],
        Words,
        "Additional audiences",
        "Further audiences that an ID token may name",
    )
    .advanced(),
    Field::new(
        "ca_file",
        &["ca_file"],
        Text,
        "Certificates",
        "A PEM file with certificates to trust as well",
    )
    .advanced(),
    Field::new(
        "allow_private_endpoints",
        &["allow_private_endpoints"],
        Flag,
        "Private endpoints",
        "Whether a public issuer may name private addresses",
    )
    .advanced(),
    Field::new(
        "timeout_seconds",
        &["timeout_seconds"],
        Number,
        "Time to sign in",
        "How long a sign-in waits for the browser",
    )
    .example("300")
    .advanced(),
    Field::new(
        "browser",
        &["browser"],
        Text,
        "Browser",
        "The command of the browser to sign in with",
    )
    .example("firefox --private-window %s")
    .advanced(),
    Field::new(
        "authorization_parameters",
        &["authorization_parameters"],
        Pairs,
        "Authorization parameters",
        "A further parameter of the authorization request",
    )
    .example("audience=https://api.example.com")
    .advanced(),
    Field::new(
        "templates",
        &["templates"],
        Requests,
        "Requests",
        "Requests to start from, each a line of method, path and title",
    )
    .example("GET /api/me Who am I")
    .advanced(),
    Field::new(
        "comma_separated_scopes",
        &["quirks", "comma_separated_scopes"],
        Flag,
        "Commas between scopes",
        "Whether the provider puts commas between the scopes it has granted",
    )
    .advanced(),
    Field::new(
        "public_device_flow",
        &["quirks", "public_device_flow"],
        Flag,
        "Public device flow",
        "Whether a sign-in with a code to type takes no client secret",
    )
    .advanced(),
    Field::new(
        "form_encoded_tokens",
        &["quirks", "form_encoded_tokens"],
        Flag,
        "Tokens as a form",
        "Whether the provider may answer with a form where JSON was asked for",
    )
    .advanced(),
    Field::new(
        "issuer_template",
        &["quirks", "issuer_template"],
        Text,
        "Issuer template",
        "The issuer that the metadata of a server for several tenants names",
    )
    .example("https://login.microsoftonline.com/{tenantid}/v2.0")
    .advanced(),
];

/// Where a server without ID tokens says whose token it is.
pub(super) const WHO_AM_I: [Field; 4] = [
    Field::new(
        "who_am_i",
        &["who_am_i", "url"],
        Text,
        "Account URL",
        "A URL that tells whose token it is, as JSON",
    )
    .example("https://app.example.com/api/user")
    .advanced(),
    Field::new(
        "who_am_i_subject",
        &["who_am_i", "subject"],
        Text,
        "Account ID",
        "JSON pointer to the account's id there, /id by default",
    )
    .example("/id")
    .advanced()
    .needs("who_am_i"),
    Field::new(
        "who_am_i_name",
        &["who_am_i", "name"],
        Text,
        "Account name",
        "JSON pointer to the name there, such as /login",
    )
    .example("/login")
    .advanced()
    .needs("who_am_i"),
    Field::new(
        "who_am_i_email",
        &["who_am_i", "email"],
        Text,
        "Account e-mail",
        "JSON pointer to the e-mail address there",
    )
    .example("/email")
    .advanced()
    .needs("who_am_i"),
];

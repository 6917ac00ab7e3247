//! GitHub.

use super::definition::{Definition, SignOut};
use super::field::Field;
use super::field::FieldKind::{Origin, Text};
use super::outline::Variant;
use super::shared::{AUTH_METHOD, CLIENT, CLIENT_SECRET, FURTHER, WHO_AM_I, access};

pub(super) const PRESET: Definition = Definition {
    id: "github",
    title: "GitHub",
    about: "GitHub, and GitHub Enterprise Server",
    fields: &[
        &[CLIENT, CLIENT_SECRET, HOST, LOGIN],
        &access("read:user user:email"),
        &[AUTH_METHOD],
        &FURTHER,
        &WHO_AM_I,
    ],
    server: &[
        Variant::of(
            r#"
api = ["{host}/api/v3"]
[endpoints]
authorization = "{host}/login/oauth/authorize"
token = "{host}/login/oauth/access_token"
device_authorization = "{host}/login/device/code"
[who_am_i]
url = "{host}/api/v3/user"
"#,
        ),
        Variant::of(
            r#"
api = ["https://api.github.com"]
[endpoints]
authorization = "https://github.com/login/oauth/authorize"
token = "https://github.com/login/oauth/access_token"
device_authorization = "https://github.com/login/device/code"
[who_am_i]
url = "https://api.github.com/user"
"#,
        ),
    ],
    // It names no issuer in its answers, so the path of the redirect URI is its own. The secret is demanded after a sign-in
    // through the browser, but not after one with a code.
    defaults: r#"
token_endpoint_auth_method = "client_secret_post"
scopes = ["read:user", "user:email"]
redirect_uri = "http://127.0.0.1/callback/github"
[who_am_i]
subject = "/id"
name = "/login"
email = "/email"
[quirks]
comma_separated_scopes = true
public_device_flow = true
form_encoded_tokens = true
[[templates]]
method = "GET"
path = "user"
title = "Who am I"
[[templates]]
method = "GET"
path = "user/repos"
title = "List my repositories"
"#,
    redirect_rule: "Any port of 127.0.0.1; the path counts, to the last slash",
    checklist: &[
        "Under Developer settings, create an OAuth app.",
        "Enter the redirect URI as Authorization callback URL, without a port.",
        "Generate a client secret for signing in through the browser; signing in with a code needs none.",
        "Switch on Enable Device Flow.",
    ],
    caution: "Tokens of an OAuth app do not expire.",
    sign_out: SignOut::NEITHER,
};

const HOST: Field = Field::part_of_others(
    "host",
    Origin,
    "Host",
    "The host of GitHub Enterprise Server; empty for github.com",
)
.example("github.example.com");

const LOGIN: Field = Field::new(
    "login",
    &["authorization_parameters", "login"],
    Text,
    "Account",
    "The name of the account to offer",
)
.example("octocat")
.advanced();

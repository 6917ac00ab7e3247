//! Laravel Passport.

use super::definition::{Definition, SignOut};
use super::field::Field;
use super::field::FieldKind::Base;
use super::outline::Variant;
use super::shared::{CLIENT, FURTHER, WHO_AM_I, access};

pub(super) const PRESET: Definition = Definition {
    id: "passport",
    title: "Laravel Passport",
    about: "A Laravel application that is its own OAuth 2 server",
    fields: &[&[BASE, CLIENT], &access(""), &FURTHER, &WHO_AM_I],
    server: &[Variant::of(
        r#"
[endpoints]
authorization = "{base_url}/oauth/authorize"
token = "{base_url}/oauth/token"
"#,
    )],
    // It names no issuer in its answers, so the path of the redirect URI is its own.
    defaults: r#"
redirect_uri = "http://127.0.0.1/callback/passport"
api = ["{base_url}"]
[who_am_i]
url = "{base_url}/api/user"
subject = "/id"
name = "/name"
email = "/email"
[[templates]]
method = "GET"
path = "/api/user"
title = "Who am I"
"#,
    redirect_rule: "Any port of 127.0.0.1 and [::1]; localhost only with the very port",
    checklist: &[
        "Run: php artisan passport:client --public. It prints the client ID; there is no secret.",
        "Give it the redirect URI. A wrong one is told on a page of the server as invalid_client.",
        "If the application tells who is signed in elsewhere than /api/user, set the account URL.",
    ],
    caution: "",
    sign_out: SignOut::NEITHER,
};

const BASE: Field = Field::part_of_others(
    "base_url",
    Base,
    "Application URL",
    "The address of the Laravel application",
)
.example("https://app.example.com")
.required();

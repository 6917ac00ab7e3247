//! Google Cloud.

use super::definition::{Definition, SignOut};
use super::google::{HOSTED_DOMAIN, ISSUER, LOGIN_HINT};
use super::outline::Variant;
use super::shared::{AUTH_METHOD, CLIENT, CLIENT_SECRET, FURTHER, WHO_AM_I, access};

pub(super) const PRESET: Definition = Definition {
    id: "google-cloud",
    title: "Google Cloud",
    about: "Google accounts, for calling Google Cloud",
    fields: &[
        &[CLIENT, CLIENT_SECRET, HOSTED_DOMAIN, LOGIN_HINT, ISSUER],
        &access("openid email profile https://www.googleapis.com/auth/cloud-platform"),
        &[AUTH_METHOD],
        &FURTHER,
        &WHO_AM_I,
    ],
    server: &[Variant::of("issuer = '{issuer}'")],
    // The secret of a Desktop client is demanded in each request, and a refresh token comes only for offline access, after the
    // first time only with consent.
    defaults: r#"
token_endpoint_auth_method = "client_secret_post"
scopes = ["openid", "email", "profile", "https://www.googleapis.com/auth/cloud-platform"]
api = ["https://cloudresourcemanager.googleapis.com"]

[authorization_parameters]
access_type = "offline"
prompt = "consent"

[[templates]]
method = "GET"
path = "/v1/projects"
title = "List projects"
"#,
    redirect_rule: "A Desktop client may use any port and path of 127.0.0.1",
    checklist: &[
        "Create an OAuth client of type Desktop app, and copy its client ID and client secret.",
        "There is no redirect URI to register: a Desktop client may use any port of 127.0.0.1.",
        "On the consent screen, add the scopes, and yourself as a test user while the app is being tested.",
        "Enable the Cloud Resource Manager API in the project of the client.",
    ],
    caution: "",
    sign_out: SignOut {
        revokes: true,
        ends_session: false,
    },
};

//! Google, for a client of type Desktop app.

use super::{
    AccessToken, Addresses, Authorization, Metadata, Personality, Proof, Redirects, Refresh,
    RefreshGiven, Registration, Secret, Tokens,
};
use crate::scope::{Scope, ScopeName, UnknownScopes, Vocabulary};

pub(super) const PERSONALITY: Personality = Personality {
    id: "google",
    title: "Google",
    client: Registration {
        client_secret: Some("google-demo-secret"),
        // Nothing is registered for such a client: any port and any path will do.
        redirect_uris: &["http://127.0.0.1", "http://[::1]", "http://localhost"],
        post_logout_redirect_uris: &[],
        ..Registration::STANDARD
    },
    addresses: Addresses {
        metadata: &["/.well-known/openid-configuration"],
        authorization: "/o/oauth2/v2/auth",
        token: "/token",
        device_authorization: Some("/device/code"),
        keys: Some("/oauth2/v3/certs"),
        userinfo: Some("/v1/userinfo"),
        revocation: Some("/revoke"),
        end_session: None,
        ..Addresses::STANDARD
    },
    metadata: Metadata {
        code_challenge_methods: &["plain", "S256"],
        token_endpoint_auth_methods: &["client_secret_post", "client_secret_basic"],
    },
    redirects: Redirects {
        any_path: true,
        ..Redirects::STANDARD
    },
    authorization: Authorization {
        names_issuer: false,
        prompts: &["none", "consent", "select_account"],
        proof: Proof::Optional,
        consent_may_be_partial: true,
        ..Authorization::STANDARD
    },
    scopes: Vocabulary {
        names: &[
            ScopeName::of("openid", &[Scope::OpenId]),
            ScopeName::of("email", &[Scope::Email]),
            ScopeName::of("profile", &[Scope::Profile]),
            ScopeName::of("https://www.googleapis.com/auth/cloud-platform", Scope::API),
        ],
        unknown: UnknownScopes::Refused,
        ..Vocabulary::STANDARD
    },
    tokens: Tokens {
        secret: Secret::Tokens,
        access_token: AccessToken::Opaque("ya29."),
        userinfo_token: AccessToken::Opaque("ya29."),
        ..Tokens::STANDARD
    },
    refresh: Refresh {
        given: RefreshGiven::WithAccessType,
        rotates: false,
        ..Refresh::STANDARD
    },
    ..Personality::STANDARD
};

//! Auth0.

use std::time::Duration;

use super::{
    AccessToken, Addresses, Authorization, Metadata, Personality, Redirects, Refresh, Registration,
    Resource, Tokens,
};

pub(super) const PERSONALITY: Personality = Personality {
    id: "auth0",
    title: "Auth0",
    client: Registration::FIXED_PORTS,
    addresses: Addresses {
        // With the slash, and compared with it.
        issuer: "/",
        metadata: &["/.well-known/openid-configuration"],
        token: "/oauth/token",
        device_authorization: Some("/oauth/device/code"),
        keys: Some("/.well-known/jwks.json"),
        revocation: Some("/oauth/revoke"),
        end_session: Some("/oidc/logout"),
        ..Addresses::STANDARD
    },
    metadata: Metadata {
        token_endpoint_auth_methods: &[
            "client_secret_basic",
            "client_secret_post",
            "private_key_jwt",
            "none",
        ],
        ..Metadata::STANDARD
    },
    redirects: Redirects::EXACT,
    authorization: Authorization {
        names_issuer: false,
        resource: Resource::Audience,
        // A loopback address could be anybody's, so a sign-in is confirmed even while the session lasts.
        asks_each_time: true,
        ..Authorization::STANDARD
    },
    tokens: Tokens {
        userinfo_token: AccessToken::Opaque(""),
        ..Tokens::STANDARD
    },
    refresh: Refresh {
        reuse_grace: Duration::from_secs(10),
        ..Refresh::STANDARD
    },
    ..Personality::STANDARD
};

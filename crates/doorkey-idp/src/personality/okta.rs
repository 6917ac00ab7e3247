//! A custom authorization server of an Okta organization.

use std::time::Duration;

use super::{Addresses, Authorization, Metadata, Personality, Redirects, Refresh, Registration};
use crate::scope::{UnknownScopes, Vocabulary};

pub(super) const PERSONALITY: Personality = Personality {
    id: "okta",
    title: "Okta",
    client: Registration::FIXED_PORTS,
    addresses: Addresses {
        issuer: "/oauth2/default",
        metadata: &[
            "/oauth2/default/.well-known/openid-configuration",
            "/oauth2/default/.well-known/oauth-authorization-server",
        ],
        authorization: "/oauth2/default/v1/authorize",
        token: "/oauth2/default/v1/token",
        device_authorization: Some("/oauth2/default/v1/device/authorize"),
        keys: Some("/oauth2/default/v1/keys"),
        userinfo: Some("/oauth2/default/v1/userinfo"),
        revocation: Some("/oauth2/default/v1/revoke"),
        end_session: Some("/oauth2/default/v1/logout"),
        ..Addresses::STANDARD
    },
    metadata: Metadata {
        token_endpoint_auth_methods: &[
            "client_secret_basic",
            "client_secret_post",
            "client_secret_jwt",
            "private_key_jwt",
            "none",
        ],
        ..Metadata::STANDARD
    },
    redirects: Redirects::EXACT,
    authorization: Authorization {
        names_issuer: false,
        prompts: &["none", "login", "consent"],
        ..Authorization::STANDARD
    },
    scopes: Vocabulary {
        unknown: UnknownScopes::Refused,
        ..Vocabulary::STANDARD
    },
    refresh: Refresh {
        reuse_grace: Duration::from_secs(30),
        ..Refresh::STANDARD
    },
    ..Personality::STANDARD
};

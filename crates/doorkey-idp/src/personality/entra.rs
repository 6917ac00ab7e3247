//! Microsoft Entra ID, with the endpoints for one organization and for several.

use std::time::Duration;

use super::{
    AccessToken, Addresses, Api, Authorization, Metadata, Personality, Redirects, Refresh,
    Registration, Resource, Tenants, Tokens,
};
use crate::scope::{Scope, ScopeName, UnknownScopes, Vocabulary};

pub(super) const PERSONALITY: Personality = Personality {
    id: "entra",
    title: "Microsoft Entra ID",
    client: Registration {
        redirect_uris: &["http://localhost/callback"],
        post_logout_redirect_uris: &["http://localhost/callback"],
        ..Registration::STANDARD
    },
    addresses: Addresses {
        issuer: "/{tenant}/v2.0",
        metadata: &["/{tenant}/v2.0/.well-known/openid-configuration"],
        authorization: "/{tenant}/oauth2/v2.0/authorize",
        token: "/{tenant}/oauth2/v2.0/token",
        device_authorization: Some("/{tenant}/oauth2/v2.0/devicecode"),
        keys: Some("/{tenant}/discovery/v2.0/keys"),
        userinfo: Some("/oidc/userinfo"),
        revocation: None,
        end_session: Some("/{tenant}/oauth2/v2.0/logout"),
        tenants: Some(Tenants {
            several: &["organizations", "common"],
            own: "6f3c1c58-6b0e-4a57-9d0c-2f1c5c0d9e21",
        }),
        ..Addresses::STANDARD
    },
    // What it can do it does not say: a challenge with S256 is taken, and demanded here to notice who sends none.
    metadata: Metadata {
        code_challenge_methods: &[],
        token_endpoint_auth_methods: &[
            "client_secret_post",
            "private_key_jwt",
            "client_secret_basic",
        ],
    },
    redirects: Redirects {
        any_port: &["http://localhost"],
        ..Redirects::STANDARD
    },
    authorization: Authorization {
        names_issuer: false,
        resource: Resource::Scope,
        ..Authorization::STANDARD
    },
    scopes: Vocabulary {
        names: &[
            ScopeName::of("openid", &[Scope::OpenId]),
            ScopeName::of("profile", &[Scope::Profile]),
            ScopeName::of("email", &[Scope::Email]),
            ScopeName::of("offline_access", &[Scope::OfflineAccess]),
            ScopeName::of(
                "api://doorkey-demo/read",
                &[Scope::ProjectsRead, Scope::WorkflowsRead],
            ),
            ScopeName::of("api://doorkey-demo/write", &[Scope::ExecutionsWrite]),
        ],
        unknown: UnknownScopes::Refused,
        ..Vocabulary::STANDARD
    },
    tokens: Tokens {
        // That of Microsoft Graph, where the userinfo endpoint is.
        userinfo_token: AccessToken::SignedFor("00000003-0000-0000-c000-000000000000"),
        ..Tokens::STANDARD
    },
    refresh: Refresh {
        // A used one stays good.
        reuse_grace: Duration::MAX,
        brings_id_token: false,
        ..Refresh::STANDARD
    },
    api: Api {
        audience: Some("api://doorkey-demo"),
        ..Api::STANDARD
    },
    ..Personality::STANDARD
};

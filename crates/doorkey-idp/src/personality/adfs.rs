//! Active Directory Federation Services of Windows Server 2019 or later.

use super::{
    AccessToken, Addresses, Api, Authorization, Metadata, Personality, Redirects, Refresh,
    RefreshGiven, Registration, Resource, Tokens,
};
use crate::scope::{Scope, ScopeName, UnknownScopes, Vocabulary};

pub(super) const PERSONALITY: Personality = Personality {
    id: "adfs",
    title: "AD FS",
    // Signing out leads to one of the redirect URIs as well.
    client: Registration::FIXED_PORTS,
    addresses: Addresses {
        issuer: "/adfs",
        metadata: &["/adfs/.well-known/openid-configuration"],
        authorization: "/adfs/oauth2/authorize/",
        token: "/adfs/oauth2/token/",
        device_authorization: Some("/adfs/oauth2/devicecode"),
        keys: Some("/adfs/discovery/keys"),
        userinfo: Some("/adfs/userinfo"),
        revocation: None,
        end_session: Some("/adfs/oauth2/logout"),
        ..Addresses::STANDARD
    },
    // It does not say whether it checks PKCE; here it demands it, to notice who sends no challenge.
    metadata: Metadata {
        code_challenge_methods: &[],
        token_endpoint_auth_methods: &[
            "client_secret_post",
            "client_secret_basic",
            "private_key_jwt",
            "windows_client_authentication",
        ],
    },
    redirects: Redirects::EXACT,
    authorization: Authorization {
        names_issuer: false,
        prompts: &["login", "none"],
        resource: Resource::ScopeOrParameter,
        ..Authorization::STANDARD
    },
    scopes: Vocabulary {
        names: &[
            ScopeName::of("openid", &[Scope::OpenId]),
            ScopeName::of("profile", &[Scope::Profile]),
            ScopeName::of("email", &[Scope::Email]),
            ScopeName::of("allatclaims", &[]),
            ScopeName::of("user_impersonation", Scope::API),
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
        userinfo_token: AccessToken::SignedFor("urn:microsoft:userinfo"),
        access_token_issuer: Some("/adfs/services/trust"),
        ..Tokens::STANDARD
    },
    refresh: Refresh {
        given: RefreshGiven::Always,
        rotates: false,
        ..Refresh::STANDARD
    },
    api: Api {
        audience: Some("api://doorkey-demo"),
        ..Api::STANDARD
    },
    ..Personality::STANDARD
};

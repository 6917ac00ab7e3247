//! A Laravel application with Passport: plain OAuth 2, and the API is the application's own.

use super::{
    Addresses, Answer, Api, Authorization, Personality, Proof, Redirects, Refresh, RefreshGiven,
    Registration, Tokens,
};
use crate::scope::{Scope, UnknownScopes, Vocabulary};

pub(super) const PERSONALITY: Personality = Personality {
    id: "passport",
    title: "Laravel Passport",
    client: Registration {
        redirect_uris: &[
            "http://127.0.0.1/callback/passport",
            "http://[::1]/callback/passport",
            // Only with the very port.
            "http://localhost:8714/callback/passport",
        ],
        post_logout_redirect_uris: &[],
        ..Registration::STANDARD
    },
    addresses: Addresses {
        authorization: "/oauth/authorize",
        token: "/oauth/token",
        device_authorization: Some("/oauth/device/code"),
        unknown_well_known_is_a_page: true,
        ..Addresses::UNTOLD
    },
    redirects: Redirects {
        any_port: &["http://127.0.0.1", "http://[::1]"],
        mismatch: "invalid_client",
        ..Redirects::STANDARD
    },
    authorization: Authorization {
        names_issuer: false,
        prompts: &["none", "consent", "login"],
        proof: Proof::PlainUnlessNamed,
        ..Authorization::STANDARD
    },
    // Scopes are the application's own; without any, a token is good for what asks for none.
    scopes: Vocabulary {
        names: Vocabulary::API,
        always: &[Scope::Profile, Scope::Email],
        unknown: UnknownScopes::Refused,
        may_be_empty: true,
        ..Vocabulary::STANDARD
    },
    tokens: Tokens {
        takes_json: true,
        tells_scope: false,
        id_token: false,
        ..Tokens::STANDARD
    },
    refresh: Refresh {
        given: RefreshGiven::Always,
        ..Refresh::STANDARD
    },
    api: Api {
        is_at_provider: true,
        resources: &[
            ("/api/user", Answer::Account),
            ("/api/v1/projects", Answer::Projects),
            ("/api/v1/workflows", Answer::Workflows),
            ("/api/v1/executions", Answer::Executions),
        ],
        ..Api::STANDARD
    },
    ..Personality::STANDARD
};

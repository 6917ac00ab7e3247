//! GitHub, as GitHub Enterprise Server: the API is on the same host.

use super::{
    AccessToken, Addresses, Answer, Api, Authorization, Encoding, Personality, Proof, Refresh,
    RefreshGiven, Registration, Secret, Tokens,
};
use crate::scope::{Scope, ScopeName, Vocabulary};

pub(super) const PERSONALITY: Personality = Personality {
    id: "github",
    title: "GitHub",
    client: Registration {
        client_secret: Some("github-demo-secret"),
        redirect_uris: &[
            "http://127.0.0.1/callback/github",
            "http://[::1]/callback/github",
            "http://localhost/callback/github",
        ],
        post_logout_redirect_uris: &[],
        ..Registration::STANDARD
    },
    addresses: Addresses {
        authorization: "/login/oauth/authorize",
        token: "/login/oauth/access_token",
        device_authorization: Some("/login/device/code"),
        ..Addresses::UNTOLD
    },
    authorization: Authorization {
        names_issuer: false,
        prompts: &["select_account"],
        proof: Proof::Optional,
        ..Authorization::STANDARD
    },
    scopes: Vocabulary {
        names: &[
            ScopeName::of("repo", Scope::API),
            ScopeName::of("read:user", &[Scope::Profile]),
            ScopeName::of("user:email", &[Scope::Email]),
        ],
        // What a profile shows to everybody.
        always: &[Scope::Profile],
        separator: ",",
        may_be_empty: true,
        ..Vocabulary::STANDARD
    },
    tokens: Tokens {
        secret: Secret::Codes,
        encoding: Encoding::FormUnlessAccepted,
        errors_are_ok: true,
        refused_code: (400, "bad_verification_code"),
        token_type: "bearer",
        access_token: AccessToken::Opaque("gho_"),
        expire: false,
        id_token: false,
        ..Tokens::STANDARD
    },
    refresh: Refresh {
        given: RefreshGiven::Never,
        ..Refresh::STANDARD
    },
    api: Api {
        is_at_provider: true,
        base: "/api/v3",
        resources: &[
            ("/api/v3/user", Answer::Account),
            ("/api/v3/user/repos", Answer::Repositories),
        ],
        ..Api::STANDARD
    },
    ..Personality::STANDARD
};

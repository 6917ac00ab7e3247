//! A Flyte cluster that is its own authorization server.

use super::{
    Addresses, Answer, Api, Authorization, Metadata, Personality, Redirects, Registration, Tokens,
};
use crate::scope::{Scope, ScopeName, Vocabulary};

pub(super) const PERSONALITY: Personality = Personality {
    id: "flyte",
    title: "Flyte",
    client: Registration {
        client_id: "flytectl",
        redirect_uris: &["http://localhost:53593/callback"],
        post_logout_redirect_uris: &[],
        ..Registration::STANDARD
    },
    addresses: Addresses {
        metadata: &["/.well-known/oauth-authorization-server"],
        authorization: "/oauth2/authorize",
        token: "/oauth2/token",
        device_authorization: Some("/oauth2/device_authorization"),
        keys: Some("/oauth2/jwks"),
        client_settings: Some("/config/v1/flyte_client"),
        ..Addresses::UNTOLD
    },
    metadata: Metadata {
        token_endpoint_auth_methods: &["client_secret_basic", "none"],
        ..Metadata::STANDARD
    },
    redirects: Redirects::EXACT,
    authorization: Authorization {
        names_issuer: false,
        ..Authorization::STANDARD
    },
    scopes: Vocabulary {
        names: &[
            ScopeName::of(
                "all",
                &[
                    Scope::Profile,
                    Scope::Email,
                    Scope::ProjectsRead,
                    Scope::WorkflowsRead,
                    Scope::ExecutionsWrite,
                ],
            ),
            ScopeName::of("offline", &[Scope::OfflineAccess]),
        ],
        ..Vocabulary::STANDARD
    },
    tokens: Tokens {
        id_token: false,
        ..Tokens::STANDARD
    },
    api: Api {
        is_at_provider: true,
        header: "flyte-authorization",
        resources: &[
            ("/api/v1/projects", Answer::Projects),
            ("/api/v1/workflows", Answer::Workflows),
            ("/api/v1/executions", Answer::Executions),
            ("/me", Answer::Subject),
        ],
        ..Api::STANDARD
    },
    ..Personality::STANDARD
};

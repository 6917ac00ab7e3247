//! Discovery and keys of the upstream.

use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use serde_json::json;

use crate::upstream::Upstream;

pub(super) async fn openid(State(upstream): State<Arc<Upstream>>) -> Response {
    let at = |path: &str| format!("{}{path}", upstream.issuer);
    Json(json!({
        "issuer": upstream.issuer,
        "authorization_endpoint": at("/authorize"),
        "token_endpoint": at("/token"),
        "jwks_uri": at("/jwks"),
        "scopes_supported": ["openid", "profile", "email"],
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code"],
        "prompt_values_supported": ["none", "login"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["ES256"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": true,
    }))
    .into_response()
}

pub(super) async fn jwks(State(upstream): State<Arc<Upstream>>) -> Response {
    Json(upstream.keys.jwks()).into_response()
}

//! Discovery: [OpenID Connect Discovery 1.0] and [RFC 8414], and the keys.
//!
//! [OpenID Connect Discovery 1.0]: https://openid.net/specs/openid-connect-discovery-1_0.html
//! [RFC 8414]: https://www.rfc-editor.org/rfc/rfc8414

use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    http::header::CACHE_CONTROL,
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use crate::{broker::Broker, scope::Scope};

pub(super) async fn openid(State(broker): State<Arc<Broker>>) -> Response {
    Json(document(&broker)).into_response()
}

/// The same document: every member of it means the same in both standards.
pub(super) async fn oauth(State(broker): State<Arc<Broker>>) -> Response {
    Json(document(&broker)).into_response()
}

/// Short-lived, so that a rotated key is seen soon by those who do not ask on
/// an unknown key id.
pub(super) async fn jwks(State(broker): State<Arc<Broker>>) -> Response {
    (
        [(CACHE_CONTROL, "public, max-age=60")],
        Json(broker.keys.jwks()),
    )
        .into_response()
}

fn document(broker: &Broker) -> Value {
    let at = |path: &str| format!("{}{path}", broker.issuer);
    json!({
        "issuer": broker.issuer,
        "authorization_endpoint": at("/authorize"),
        "token_endpoint": at("/token"),
        "device_authorization_endpoint": at("/device_authorization"),
        "jwks_uri": at("/jwks"),
        "userinfo_endpoint": at("/userinfo"),
        "revocation_endpoint": at("/revoke"),
        "end_session_endpoint": at("/logout"),
        "scopes_supported": Scope::ALL.map(Scope::as_str),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query", "form_post"],
        "grant_types_supported": [
            "authorization_code", "refresh_token", "urn:ietf:params:oauth:grant-type:device_code"
        ],
        "prompt_values_supported": ["none", "login", "consent", "select_account"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["ES256"],
        "token_endpoint_auth_methods_supported": ["none"],
        "revocation_endpoint_auth_methods_supported": ["none"],
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": true,
        "claims_supported": [
            "sub", "iss", "aud", "exp", "iat", "auth_time", "nonce", "at_hash", "name",
            "given_name", "family_name", "preferred_username", "picture", "updated_at",
            "email", "email_verified", "identity_provider"
        ],
        "claims_parameter_supported": false,
        "request_parameter_supported": false,
        "request_uri_parameter_supported": false,
        "protected_resources": [broker.api],
        "service_documentation": at("/"),
    })
}

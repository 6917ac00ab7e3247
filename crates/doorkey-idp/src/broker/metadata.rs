//! Discovery: [OpenID Connect Discovery 1.0] and [RFC 8414], and the keys.
//!
//! [OpenID Connect Discovery 1.0]: https://openid.net/specs/openid-connect-discovery-1_0.html
//! [RFC 8414]: https://www.rfc-editor.org/rfc/rfc8414

use std::sync::Arc;

use axum::{
    Json,
    extract::{RawPathParams, State},
    http::header::CACHE_CONTROL,
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use crate::{
    broker::{Broker, tenant},
    personality::with_tenant,
};

/// The document. Every member of it means the same in both standards.
pub(super) async fn document(State(broker): State<Arc<Broker>>, path: RawPathParams) -> Response {
    Json(members(&broker, tenant::named(&path))).into_response()
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

fn members(broker: &Broker, tenant: &str) -> Value {
    let addresses = &broker.personality.addresses;
    let rule = &broker.personality.metadata;
    let authorization = &broker.personality.authorization;
    let at = |path: &str| format!("{}{}", broker.origin, with_tenant(path, tenant));
    let maybe_at = |path: Option<&str>| path.map(at);
    let scopes = broker.personality.scopes.names.iter();
    let scopes: Vec<_> = scopes.map(|scope| scope.name).collect();
    let mut document = json!({
        "issuer": format!("{}{}", broker.origin, addresses.named_issuer(tenant)),
        "authorization_endpoint": at(addresses.authorization),
        "token_endpoint": at(addresses.token),
        "device_authorization_endpoint": maybe_at(addresses.device_authorization),
        "jwks_uri": maybe_at(addresses.keys),
        "userinfo_endpoint": maybe_at(addresses.userinfo),
        "revocation_endpoint": maybe_at(addresses.revocation),
        "end_session_endpoint": maybe_at(addresses.end_session),
        "scopes_supported": scopes,
        "response_types_supported": ["code"],
        "response_modes_supported": ["query", "form_post"],
        "grant_types_supported": [
            "authorization_code", "refresh_token", "urn:ietf:params:oauth:grant-type:device_code"
        ],
        "prompt_values_supported": authorization.prompts,
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["ES256"],
        "token_endpoint_auth_methods_supported": rule.token_endpoint_auth_methods,
        "revocation_endpoint_auth_methods_supported":
            addresses.revocation.map(|_| rule.token_endpoint_auth_methods),
        "code_challenge_methods_supported":
            Some(rule.code_challenge_methods).filter(|methods| !methods.is_empty()),
        "authorization_response_iss_parameter_supported":
            authorization.names_issuer.then_some(true),
        "access_token_issuer": broker
            .personality
            .tokens
            .access_token_issuer
            .map(|_| broker.access_tokens.issuer()),
        "claims_supported": [
            "sub", "iss", "aud", "exp", "iat", "auth_time", "nonce", "at_hash", "name",
            "given_name", "family_name", "preferred_username", "picture", "updated_at",
            "email", "email_verified", "identity_provider"
        ],
        "claims_parameter_supported": false,
        "request_parameter_supported": false,
        "request_uri_parameter_supported": false,
        "protected_resources": [broker.audience],
        "service_documentation": at("/"),
    });
    if let Some(members) = document.as_object_mut() {
        members.retain(|_, value| !value.is_null());
    }
    document
}

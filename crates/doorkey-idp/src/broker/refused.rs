//! Requests that an app sends itself, and how they are refused.

use axum::{
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::json;

use crate::{fault::Fault, parameters::Parameters};

/// A refused request at the token, device authorization or revocation endpoint ([RFC 6749 5.2], [RFC 8628 3.5]).
///
/// [RFC 6749 5.2]: https://www.rfc-editor.org/rfc/rfc6749#section-5.2
/// [RFC 8628 3.5]: https://www.rfc-editor.org/rfc/rfc8628#section-3.5
#[derive(Debug)]
pub(super) enum Refused {
    InvalidRequest(&'static str),
    InvalidClient(&'static str),
    InvalidGrant(&'static str),
    InvalidScope(&'static str),
    InvalidTarget(&'static str),
    UnsupportedGrantType,
    AuthorizationPending,
    SlowDown,
    AccessDenied,
    ExpiredToken,
    Fault(Fault),
}

impl<E: Into<Fault>> From<E> for Refused {
    fn from(error: E) -> Self {
        Self::Fault(error.into())
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let (status, error, description) = match self {
            Self::InvalidRequest(text) => (StatusCode::BAD_REQUEST, "invalid_request", text),
            Self::InvalidClient(text) => (StatusCode::UNAUTHORIZED, "invalid_client", text),
            Self::InvalidGrant(text) => (StatusCode::BAD_REQUEST, "invalid_grant", text),
            Self::InvalidScope(text) => (StatusCode::BAD_REQUEST, "invalid_scope", text),
            Self::InvalidTarget(text) => (StatusCode::BAD_REQUEST, "invalid_target", text),
            Self::UnsupportedGrantType => (
                StatusCode::BAD_REQUEST,
                "unsupported_grant_type",
                "grant_type must be authorization_code, refresh_token or that of a device code.",
            ),
            Self::AuthorizationPending => (
                StatusCode::BAD_REQUEST,
                "authorization_pending",
                "The person has not decided yet.",
            ),
            Self::SlowDown => (
                StatusCode::BAD_REQUEST,
                "slow_down",
                "The interval is 5 seconds longer from now on.",
            ),
            Self::AccessDenied => (
                StatusCode::BAD_REQUEST,
                "access_denied",
                "The person did not allow it.",
            ),
            Self::ExpiredToken => (
                StatusCode::BAD_REQUEST,
                "expired_token",
                "The device code has expired.",
            ),
            Self::Fault(fault) => return fault.into_response(),
        };
        let mut response = json_response(
            status,
            &json!({ "error": error, "error_description": description }).to_string(),
        );
        if status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(
                header::WWW_AUTHENTICATE,
                HeaderValue::from_static("Basic realm=\"Demo provider\""),
            );
        }
        response
    }
}

/// A form, sent by a client that does not try to authenticate: here are only
/// public clients, and a secret that is sent anyway is a mistake to point out.
pub(super) fn form_of_public_client(
    headers: &HeaderMap,
    body: &[u8],
) -> Result<Parameters, Refused> {
    let parameters = Parameters::from_form(headers, body).ok_or(Refused::InvalidRequest(
        "The body must be application/x-www-form-urlencoded.",
    ))?;
    if parameters.repeated().is_some() {
        return Err(Refused::InvalidRequest("A parameter comes more than once."));
    }
    if headers.contains_key(header::AUTHORIZATION) || parameters.value("client_secret").is_some() {
        return Err(Refused::InvalidClient(
            "This is a public client: it has no secret to send.",
        ));
    }
    Ok(parameters)
}

/// A JSON answer that nobody may keep.
pub(super) fn json_response(status: StatusCode, body: &str) -> Response {
    (
        status,
        [
            (header::CONTENT_TYPE, "application/json"),
            (header::CACHE_CONTROL, "no-store"),
            (header::PRAGMA, "no-cache"),
        ],
        body.to_owned(),
    )
        .into_response()
}

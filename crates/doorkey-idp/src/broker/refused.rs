//! Requests that an app sends itself and that are refused.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::json;

use crate::fault::Fault;

/// A refused request at the token, device authorization or revocation endpoint ([RFC 6749 5.2], [RFC 8628 3.5]).
///
/// [RFC 6749 5.2]: https://www.rfc-editor.org/rfc/rfc6749#section-5.2
/// [RFC 8628 3.5]: https://www.rfc-editor.org/rfc/rfc8628#section-3.5
#[derive(Debug)]
pub(super) enum Refused {
    InvalidRequest(&'static str),
    InvalidClient(&'static str),
    InvalidGrant(&'static str),
    /// An authorization code that is none, or none any more.
    InvalidCode(&'static str),
    /// The same of a refresh token.
    InvalidRefreshToken(&'static str),
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

impl Refused {
    /// Status, error and what it means; or our failure.
    pub(super) fn told(self) -> Result<(StatusCode, &'static str, &'static str), Fault> {
        Ok(match self {
            Self::InvalidRequest(text) => (StatusCode::BAD_REQUEST, "invalid_request", text),
            Self::InvalidClient(text) => (StatusCode::UNAUTHORIZED, "invalid_client", text),
            Self::InvalidGrant(text)
            | Self::InvalidCode(text)
            | Self::InvalidRefreshToken(text) => (StatusCode::BAD_REQUEST, "invalid_grant", text),
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
            Self::Fault(fault) => return Err(fault),
        })
    }

    pub(super) fn body(error: &str, description: &str) -> String {
        json!({ "error": error, "error_description": description }).to_string()
    }

    /// Adds how to authenticate where that is what is missing.
    pub(super) fn challenge(status: StatusCode, response: &mut Response) {
        if status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(
                header::WWW_AUTHENTICATE,
                HeaderValue::from_static("Basic realm=\"Demo provider\""),
            );
        }
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let (status, error, description) = match self.told() {
            Ok(told) => told,
            Err(fault) => return fault.into_response(),
        };
        let mut response = json_response(status, &Self::body(error, description));
        Self::challenge(status, &mut response);
        response
    }
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

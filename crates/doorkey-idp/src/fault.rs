//! What can go wrong on our side of a request.

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};

use crate::store::StoreError;

/// A failure of the provider itself; a caller sees `server_error` and no more.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Fault {
    /// The database did not do what was asked.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The system has no randomness to give.
    #[error("the system gave no random bytes: {0}")]
    Random(#[from] getrandom::Error),
    /// A key was refused, or sealing or signing failed.
    #[error("the cryptography library refused to {0}")]
    Cryptography(&'static str),
    /// A value that we made ourselves did not turn into JSON.
    #[error("a value could not be written as JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// A row points at a user that is not there.
    #[error("a session names a user without a record")]
    UserMissing,
}

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        tracing::error!(error = %self, "a request failed on our side");
        (
            StatusCode::INTERNAL_SERVER_ERROR,
            [("cache-control", "no-store"), ("content-type", "application/json")],
            r#"{"error":"server_error","error_description":"The demo provider failed; its log says why."}"#,
        )
            .into_response()
    }
}

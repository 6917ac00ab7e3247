//! Answers that are not about anything in particular.

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::json;

pub(super) async fn not_found() -> Response {
    problem(StatusCode::NOT_FOUND, "not_found", "There is nothing here.")
}

pub(super) async fn method_not_allowed() -> Response {
    let text = "This does not take that method.";
    problem(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", text)
}

pub(super) fn problem(status: StatusCode, error: &str, description: &str) -> Response {
    (
        status,
        Json(json!({ "error": error, "error_description": description })),
    )
        .into_response()
}

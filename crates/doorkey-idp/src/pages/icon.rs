//! The picture in the browser's tab.

use axum::{
    http::header,
    response::{IntoResponse, Response},
};

/// `GET /icon.svg`.
pub(crate) async fn icon() -> Response {
    (
        [
            (header::CONTENT_TYPE, "image/svg+xml"),
            (header::CACHE_CONTROL, "public, max-age=3600"),
        ],
        include_str!("../../assets/icon.svg"),
    )
        .into_response()
}

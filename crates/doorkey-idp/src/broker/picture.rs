//! Pictures of the demo people, so that nothing is loaded from elsewhere.

use axum::{
    extract::Path,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};

use crate::people::Person;

/// `GET /picture/<user name>.png`.
pub(super) async fn picture(Path(file): Path<String>) -> Response {
    match file.strip_suffix(".png").and_then(Person::named) {
        Some(person) => (
            [
                (header::CONTENT_TYPE, "image/png"),
                (header::CACHE_CONTROL, "public, max-age=3600"),
            ],
            person.picture,
        )
            .into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// Where the picture of this person is, if there is one.
pub(super) fn path_of(username: &str) -> Option<String> {
    Person::named(username).map(|person| format!("/picture/{}.png", person.username))
}

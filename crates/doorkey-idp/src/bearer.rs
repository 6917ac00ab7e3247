//! Bearer tokens in requests, and what to say without a good one ([RFC 6750]).
//!
//! [RFC 6750]: https://www.rfc-editor.org/rfc/rfc6750

use axum::{
    Json,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::json;

/// Why a request is not served, as a `WWW-Authenticate` challenge.
#[derive(Debug)]
pub(crate) struct Challenge {
    status: StatusCode,
    /// None if no token came: then nothing is wrong with it.
    error: Option<&'static str>,
    description: &'static str,
    scope: Option<&'static str>,
    metadata: Option<String>,
}

impl Challenge {
    fn missing_token() -> Self {
        Self {
            status: StatusCode::UNAUTHORIZED,
            error: None,
            description: "This needs an access token.",
            scope: None,
            metadata: None,
        }
    }

    fn invalid_request(description: &'static str) -> Self {
        Self {
            status: StatusCode::BAD_REQUEST,
            error: Some("invalid_request"),
            description,
            ..Self::missing_token()
        }
    }

    pub(crate) fn invalid_token(description: &'static str) -> Self {
        Self {
            error: Some("invalid_token"),
            description,
            ..Self::missing_token()
        }
    }

    pub(crate) fn insufficient_scope(scope: &'static str) -> Self {
        Self {
            status: StatusCode::FORBIDDEN,
            error: Some("insufficient_scope"),
            description: "The token was issued without the scope that this needs.",
            scope: Some(scope),
            metadata: None,
        }
    }

    /// Says where the API's metadata is ([RFC 9728 5.1]).
    ///
    /// [RFC 9728 5.1]: https://www.rfc-editor.org/rfc/rfc9728#section-5.1
    pub(crate) fn with_metadata(self, address: String) -> Self {
        Self {
            metadata: Some(address),
            ..self
        }
    }
}

impl IntoResponse for Challenge {
    fn into_response(self) -> Response {
        let mut challenge = "Bearer realm=\"Doorkey demo\"".to_owned();
        let mut add = |name: &str, value: &str| {
            challenge.push_str(&format!(", {name}=\"{value}\""));
        };
        if let Some(error) = self.error {
            add("error", error);
            add("error_description", self.description);
        }
        if let Some(scope) = self.scope {
            add("scope", scope);
        }
        if let Some(metadata) = &self.metadata {
            add("resource_metadata", metadata);
        }
        let error = self.error.unwrap_or("unauthorized");
        let body = Json(json!({ "error": error, "error_description": self.description }));
        let mut response = (self.status, body).into_response();
        if let Ok(challenge) = HeaderValue::from_str(&challenge) {
            response
                .headers_mut()
                .insert(header::WWW_AUTHENTICATE, challenge);
        }
        response
    }
}

/// The token of a request: in this header, usually `authorization`, once, and nowhere else.
pub(crate) fn token<'a>(headers: &'a HeaderMap, name: &str) -> Result<&'a str, Challenge> {
    let mut values = headers.get_all(name).iter();
    let Some(value) = values.next() else {
        return Err(Challenge::missing_token());
    };
    if values.next().is_some() {
        return Err(Challenge::invalid_request(
            "Authorization comes more than once.",
        ));
    }
    let value = value
        .to_str()
        .map_err(|_| Challenge::invalid_request("Authorization is not plain text."))?;
    let (scheme, token) = value.split_once(' ').unwrap_or((value, ""));
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(Challenge::missing_token());
    }
    match token.trim() {
        "" => Err(Challenge::invalid_request(
            "Authorization: Bearer has no token.",
        )),
        token => Ok(token),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(values: &[&'static str]) -> Result<String, (StatusCode, Option<&'static str>)> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(header::AUTHORIZATION, HeaderValue::from_static(value));
        }
        token(&headers, "authorization")
            .map(str::to_owned)
            .map_err(|refused| (refused.status, refused.error))
    }

    #[test]
    fn the_scheme_is_read_in_any_case_and_the_token_once() {
        assert_eq!(read(&["Bearer abc"]), Ok("abc".to_owned()));
        assert_eq!(read(&["bEARER abc"]), Ok("abc".to_owned()));
        assert_eq!(read(&[]), Err((StatusCode::UNAUTHORIZED, None)));
        assert_eq!(read(&["Basic abc"]), Err((StatusCode::UNAUTHORIZED, None)));
        let invalid = Err((StatusCode::BAD_REQUEST, Some("invalid_request")));
        assert_eq!(read(&["Bearer"]), invalid);
        assert_eq!(read(&["Bearer a", "Bearer b"]), invalid);
    }
}

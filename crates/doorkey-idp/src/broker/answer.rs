//! The authorization response: where it goes, and how.

use axum::{
    http::{HeaderValue, StatusCode, header::LOCATION},
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};

use crate::{pages, parameters::Parameters};

/// Where the app waits for its answer. Only made for a redirect URI that is
/// registered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Destination {
    pub(super) redirect_uri: String,
    pub(super) state: Option<String>,
    form_post: bool,
}

impl Destination {
    pub(super) fn new(redirect_uri: &str, parameters: &Parameters) -> Self {
        Self {
            redirect_uri: redirect_uri.to_owned(),
            state: parameters.value("state").map(str::to_owned),
            form_post: parameters.value("response_mode") == Some("form_post"),
        }
    }

    /// Sends a code.
    pub(super) fn succeed(&self, issuer: Option<&str>, code: String) -> Response {
        self.send(issuer, vec![("code", code)])
    }

    /// Sends an error ([RFC 6749 4.1.2.1]).
    ///
    /// [RFC 6749 4.1.2.1]: https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2.1
    pub(super) fn fail(&self, issuer: Option<&str>, error: &str, description: &str) -> Response {
        self.send(
            issuer,
            vec![
                ("error", error.to_owned()),
                ("error_description", plain(description)),
            ],
        )
    }

    /// Every answer carries `state`, as it came, and `iss` where there is an issuer to name ([RFC 9207]).
    ///
    /// [RFC 9207]: https://www.rfc-editor.org/rfc/rfc9207
    fn send(&self, issuer: Option<&str>, mut answer: Vec<(&'static str, String)>) -> Response {
        if let Some(state) = &self.state {
            answer.push(("state", state.clone()));
        }
        if let Some(issuer) = issuer {
            answer.push(("iss", issuer.to_owned()));
        }
        if self.form_post {
            return pages::form_post(&self.redirect_uri, &answer).into_response();
        }
        see_other(&with_query(&self.redirect_uri, &answer))
    }
}

/// Redirects with 303, so that a form is never sent on.
pub(super) fn see_other(location: &str) -> Response {
    match HeaderValue::from_str(location) {
        Ok(location) => (StatusCode::SEE_OTHER, [(LOCATION, location)]).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// Adds parameters to an address, as text: its bytes stay as registered.
pub(super) fn with_query(address: &str, parameters: &[(&'static str, String)]) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in parameters {
        query.append_pair(name, value);
    }
    let separator = if address.contains('?') { '&' } else { '?' };
    format!("{address}{separator}{}", query.finish())
}

/// Keeps the characters that a description may have.
fn plain(description: &str) -> String {
    description
        .chars()
        .filter(|character| matches!(character, ' '..='~') && !matches!(character, '"' | '\\'))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_kept_and_values_are_encoded() {
        let answer = [("state", "a b&c=d".to_owned())];
        assert_eq!(
            with_query("https://app.example.com/cb?tenant=a", &answer),
            "https://app.example.com/cb?tenant=a&state=a+b%26c%3Dd"
        );
        assert_eq!(
            with_query("dev.doorkey.app:/callback", &answer),
            "dev.doorkey.app:/callback?state=a+b%26c%3Dd"
        );
    }

    #[test]
    fn a_description_has_only_allowed_characters() {
        assert_eq!(plain("a \"b\"\\\r\n\u{e4}c"), "a bc");
    }
}

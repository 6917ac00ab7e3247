//! What an API demands when it refuses a token.

use reqwest::StatusCode;
use reqwest::header::{HeaderMap, WWW_AUTHENTICATE};

use crate::text::clean;

/// The demand in a `WWW-Authenticate: Bearer` challenge ([RFC 6750 §3](https://www.rfc-editor.org/rfc/rfc6750#section-3)).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Challenge {
    /// The token is refused, even after it was renewed once.
    InvalidToken,
    /// The token lacks scopes. Doorkey does not ask for them on its own.
    InsufficientScope {
        /// The scopes that would do, if the API says so.
        required: Vec<String>,
    },
    /// The person must sign in anew, more recently or more strongly
    /// ([RFC 9470 §3](https://www.rfc-editor.org/rfc/rfc9470#section-3)).
    StepUpRequired {
        /// The authentication context classes that would do.
        acr_values: Vec<String>,
        /// How long ago the person may have signed in, in seconds.
        max_age: Option<u64>,
    },
}

impl Challenge {
    /// Whether a newer token of the same grant could satisfy it.
    pub(super) fn calls_for_refresh(&self) -> bool {
        matches!(self, Self::InvalidToken)
    }

    pub(super) fn of(status: StatusCode, headers: &HeaderMap) -> Option<Self> {
        if !matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) {
            return None;
        }
        let parameters = headers
            .get_all(WWW_AUTHENTICATE)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .find_map(bearer_parameters);
        let Some(parameters) = parameters else {
            return (status == StatusCode::UNAUTHORIZED).then_some(Self::InvalidToken);
        };
        let parameter = |name: &str| {
            parameters
                .iter()
                .find(|(key, _)| key.eq_ignore_ascii_case(name))
                .map(|(_, value)| value.as_str())
        };
        let words = |name: &str| {
            parameter(name)
                .unwrap_or_default()
                .split_ascii_whitespace()
                .map(|word| clean(word, 200))
                .collect()
        };
        match parameter("error") {
            Some("insufficient_scope") => Some(Self::InsufficientScope {
                required: words("scope"),
            }),
            Some("insufficient_user_authentication") => Some(Self::StepUpRequired {
                acr_values: words("acr_values"),
                max_age: parameter("max_age").and_then(|age| age.parse().ok()),
            }),
            _ if status == StatusCode::UNAUTHORIZED => Some(Self::InvalidToken),
            _ => None,
        }
    }
}

/// Names and values, in order.
type Parameters = Vec<(String, String)>;

/// The parameters of the Bearer challenge in a header that may hold several challenges.
fn bearer_parameters(header: &str) -> Option<Parameters> {
    let mut rest = header;
    loop {
        let (scheme, parameters, next) = challenge(rest)?;
        if scheme.eq_ignore_ascii_case("bearer") {
            return Some(parameters);
        }
        rest = next;
    }
}

/// One challenge ([RFC 9110 §11.6.1](https://www.rfc-editor.org/rfc/rfc9110#section-11.6.1)) and what follows it.
fn challenge(text: &str) -> Option<(&str, Parameters, &str)> {
    let text = text.trim_start_matches([' ', '\t', ',']);
    let end = text.find([' ', ',']).unwrap_or(text.len());
    let (scheme, mut rest) = text.split_at(end);
    if scheme.is_empty() {
        return None;
    }
    let mut parameters = Vec::new();
    loop {
        let next = rest.trim_start_matches([' ', '\t', ',']);
        let token_end = next.find(|character: char| {
            !(character.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(character))
        });
        let Some(token_end) = token_end.filter(|end| *end > 0) else {
            return Some((scheme, parameters, ""));
        };
        let (name, after) = next.split_at(token_end);
        let Some(value) = after.trim_start().strip_prefix('=') else {
            // A token without a value begins the next challenge.
            return Some((scheme, parameters, next));
        };
        let (value, after) = value_of(value.trim_start())?;
        parameters.push((name.to_owned(), value));
        rest = after;
    }
}

fn value_of(text: &str) -> Option<(String, &str)> {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find([',', ' ']).unwrap_or(text.len());
        return Some((text[..end].to_owned(), &text[end..]));
    };
    let mut value = String::new();
    let mut characters = quoted.char_indices();
    while let Some((index, character)) = characters.next() {
        match character {
            '"' => return Some((value, &quoted[index + 1..])),
            '\\' => value.push(characters.next()?.1),
            other => value.push(other),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderValue;

    use super::*;

    fn of(status: StatusCode, header: &'static str) -> Option<Challenge> {
        Challenge::of(
            status,
            &HeaderMap::from_iter([(WWW_AUTHENTICATE, HeaderValue::from_static(header))]),
        )
    }

    #[test]
    fn e18_e19_demands_that_a_refresh_cannot_meet() {
        assert_eq!(
            of(
                StatusCode::FORBIDDEN,
                r#"Basic realm="a, b", bearer error="insufficient_scope", scope="a b""#
            ),
            Some(Challenge::InsufficientScope {
                required: vec!["a".to_owned(), "b".to_owned()]
            })
        );
        assert_eq!(
            of(
                StatusCode::UNAUTHORIZED,
                r#"Bearer error="insufficient_user_authentication", acr_values="gold", max_age=5"#
            ),
            Some(Challenge::StepUpRequired {
                acr_values: vec!["gold".to_owned()],
                max_age: Some(5)
            })
        );
    }

    #[test]
    fn e13_e20_other_refusals() {
        assert_eq!(
            of(
                StatusCode::UNAUTHORIZED,
                r#"Bearer realm="x\"y", error="invalid_token""#
            ),
            Some(Challenge::InvalidToken)
        );
        assert_eq!(
            of(StatusCode::UNAUTHORIZED, "Bearer"),
            Some(Challenge::InvalidToken)
        );
        assert_eq!(
            of(StatusCode::UNAUTHORIZED, "\"=,,,"),
            Some(Challenge::InvalidToken)
        );
        assert_eq!(of(StatusCode::FORBIDDEN, "Bearer"), None);
        assert_eq!(
            of(
                StatusCode::NOT_FOUND,
                r#"Bearer error="insufficient_scope""#
            ),
            None
        );
    }

    proptest::proptest! {
        #[test]
        fn no_header_panics_the_parser(header in "[ -~]{0,80}") {
            drop(bearer_parameters(&header));
        }
    }
}

//! Laws of what an API demands when it refuses a token.

use reqwest::StatusCode;
use reqwest::header::{HeaderMap, HeaderValue, WWW_AUTHENTICATE};

use super::Challenge;
use crate::fuzzing::{Verdict, assert_inert};

/// How long a word of a demand may be, in characters.
const LONGEST_WORD: usize = 200;

/// The value of a `WWW-Authenticate`, with each status that may come with one.
pub(crate) fn challenge(bytes: &[u8]) -> Verdict {
    let Ok(value) = HeaderValue::from_bytes(bytes) else {
        return Verdict::Refused;
    };
    assert_eq!(of(StatusCode::OK, &value), None);
    let unauthorized = of(StatusCode::UNAUTHORIZED, &value).expect("a refusal is always a demand");
    let forbidden = of(StatusCode::FORBIDDEN, &value);
    // Only a 401 says that the token itself is at fault; what is demanded beyond that, both say alike.
    match &forbidden {
        None => assert_eq!(unauthorized, Challenge::InvalidToken),
        Some(demand) => assert_eq!(demand, &unauthorized),
    }
    if let Some(demand) = &forbidden {
        for word in words(demand) {
            assert_inert(word, LONGEST_WORD);
            assert!(!word.is_empty() && !word.contains(char::is_whitespace));
        }
        if words(demand).iter().all(|word| word.is_ascii()) {
            let again = HeaderValue::from_str(&written(demand)).expect("a header");
            assert_eq!(of(StatusCode::FORBIDDEN, &again).as_ref(), Some(demand));
        }
    }
    Verdict::of(forbidden.is_some())
}

fn of(status: StatusCode, value: &HeaderValue) -> Option<Challenge> {
    Challenge::of(
        status,
        &HeaderMap::from_iter([(WWW_AUTHENTICATE, value.clone())]),
    )
}

fn words(demand: &Challenge) -> &[String] {
    match demand {
        Challenge::InvalidToken => &[],
        Challenge::InsufficientScope { required } => required,
        Challenge::StepUpRequired { acr_values, .. } => acr_values,
    }
}

/// The demand as an API writes it.
fn written(demand: &Challenge) -> String {
    let quoted = words(demand)
        .join(" ")
        .replace('\\', "\\\\")
        .replace('"', "\\\"");
    match demand {
        Challenge::InvalidToken => "Bearer error=\"invalid_token\"".to_owned(),
        Challenge::InsufficientScope { .. } => {
            format!("Bearer error=\"insufficient_scope\", scope=\"{quoted}\"")
        }
        Challenge::StepUpRequired { max_age, .. } => {
            let age = max_age.map_or_else(String::new, |age| format!(", max_age={age}"));
            format!(
                "Bearer error=\"insufficient_user_authentication\", acr_values=\"{quoted}\"{age}"
            )
        }
    }
}

//! Laws of what a token endpoint answers, as JSON and as the form that a few servers send.

mod refusal;

use std::fmt::Write as _;
use std::sync::LazyLock;
use std::time::Duration;

use oauth2::basic::BasicErrorResponse;
use reqwest::header::HeaderMap;
use zeroize::Zeroizing;

use super::*;
use crate::fuzzing::{Verdict, assert_tellable};
use crate::trace;
pub(crate) use refusal::token_refusal;

const JSON: &str = "application/json";

/// As long as a token is believed to live at most.
const LONGEST: Duration = Duration::from_secs(10 * 365 * 24 * 60 * 60);
/// Shorter values may stand in any text by chance.
const SHORTEST_SECRET: usize = 8;

/// The body of an answer.
pub(crate) fn token_response(bytes: &[u8]) -> Verdict {
    let mut is_accepted = false;
    let forms = Quirks {
        form_encoded_tokens: true,
        comma_separated_scopes: true,
        ..Quirks::default()
    };
    for (quirks, media_type) in [
        (Quirks::default(), JSON),
        (forms, "application/x-www-form-urlencoded; charset=utf-8"),
    ] {
        for status in [StatusCode::OK, StatusCode::BAD_REQUEST] {
            match read(bytes, status, media_type, &quirks) {
                Ok(response) => {
                    assert_eq!(status, StatusCode::OK, "a refusal brings no tokens");
                    assert_lawful(&response);
                    is_accepted = true;
                }
                Err(error) => assert_tellable(&error),
            }
        }
    }
    Verdict::of(is_accepted)
}

fn read(
    bytes: &[u8],
    status: StatusCode,
    media_type: &'static str,
    quirks: &Quirks,
) -> Result<TokenResponse> {
    let transport = Transport {
        http: &HTTP,
        quirks,
        host: "login.example.com",
        name: "token endpoint",
    };
    let judged = transport.judge(answer(status, media_type, bytes))?;
    // Whatever it was, the library is given a JSON object with one of two statuses.
    assert!(
        judged
            .body()
            .iter()
            .find(|byte| !byte.is_ascii_whitespace())
            == Some(&b'{')
            || judged.status() != StatusCode::OK
    );
    assert!(matches!(
        judged.status(),
        StatusCode::OK | StatusCode::BAD_REQUEST
    ));
    let invalid = || Error::new(Code::TokenResponseInvalid, "It cannot be read");
    if judged.status() != StatusCode::OK {
        drop(serde_json::from_slice::<BasicErrorResponse>(judged.body()));
        return Err(invalid());
    }
    let wire: Wire = serde_json::from_slice(judged.body()).map_err(|_| invalid())?;
    TokenResponse::new(wire, quirks)
}

fn answer(status: StatusCode, media_type: &'static str, bytes: &[u8]) -> Answer {
    Answer {
        status,
        headers: HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static(media_type))]),
        body: Zeroizing::new(bytes.to_vec()),
    }
}

fn assert_lawful(response: &TokenResponse) {
    let token = response.access_token.expose();
    assert!(!token.is_empty());
    let header = HeaderValue::from_str(&format!("Bearer {token}")).expect("a header can carry it");
    assert_eq!(header.as_bytes().len(), token.len() + "Bearer ".len());
    assert!(
        response
            .refresh_token
            .as_ref()
            .is_none_or(|token| token.len() > 0)
    );
    assert!(
        response
            .id_token
            .as_ref()
            .is_none_or(|token| token.len() > 0)
    );
    assert!(
        response
            .expires_in
            .is_none_or(|lifetime| lifetime <= LONGEST)
    );
    let scopes = response.scopes.as_deref();
    assert!(scopes.is_none_or(|scopes| !scopes.is_empty()));
    for scope in scopes.unwrap_or_default() {
        assert!(
            !scope.is_empty() && crate::text::is_clean(scope),
            "{scope:?}"
        );
    }
    if scopes.is_none() {
        let mut told = format!("{response:?}");
        for (name, value) in response.fields() {
            match value {
                trace::Value::Hidden(length) => write!(told, "{name} {length}"),
                value => write!(told, "{name} {value:?}"),
            }
            .expect("a text");
        }
        let tokens = [
            Some(token),
            response.refresh_token.as_ref().map(RefreshToken::expose),
        ];
        for secret in tokens
            .into_iter()
            .flatten()
            .filter(|token| token.len() >= SHORTEST_SECRET)
        {
            let frame = [
                "TokenResponse",
                "access_token",
                "refresh_token",
                "AccessToken",
                "RefreshToken",
                "id_token",
                "expires_in",
                "token_type",
            ];
            assert!(!told.contains(secret) || frame.iter().any(|word| word.contains(secret)));
        }
    }
}

static HTTP: LazyLock<Http> = LazyLock::new(|| Http::new(None));

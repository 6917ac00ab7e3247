//! Headers: those a caller may set, and those it may see.

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

use super::mask::Tokens;
use crate::error::{Code, Error, Result};

/// Set by Doorkey or by the connection, never by a caller.
const REFUSED: [&str; 15] = [
    "authorization",
    "connection",
    "content-length",
    "cookie",
    "expect",
    "host",
    "http2-settings",
    "keep-alive",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "dpop",
];

/// The caller's headers, or why they cannot be sent. The one that takes the token is not the caller's.
pub(super) fn checked(headers: &[(String, String)], token_header: &str) -> Result<HeaderMap> {
    let mut map = HeaderMap::with_capacity(headers.len() + 1);
    for (name, value) in headers {
        let invalid = |what: &str| {
            Error::new(
                Code::RequestInvalid,
                format!("The header {:?} {what}", crate::text::clean(name, 60)),
            )
        };
        let name =
            HeaderName::from_bytes(name.as_bytes()).map_err(|_| invalid("is not a header name"))?;
        if REFUSED.contains(&name.as_str())
            || name.as_str() == token_header
            || name.as_str().starts_with("sec-")
        {
            return Err(invalid("is set by Doorkey itself"));
        }
        if !value
            .bytes()
            .all(|byte| matches!(byte, b'\t' | b' '..=b'~'))
        {
            return Err(invalid("has a value that is not plain text on one line"));
        }
        map.append(
            name,
            HeaderValue::from_str(value).map_err(|_| invalid("has a value that cannot be sent"))?,
        );
    }
    Ok(map)
}

/// The API's headers as a caller may see them: no cookies, no bytes of our tokens.
pub(super) fn received(headers: &HeaderMap, tokens: &Tokens<'_>) -> Vec<(String, String)> {
    headers
        .iter()
        .filter(|(name, _)| !matches!(name.as_str(), "set-cookie" | "set-cookie2"))
        .map(|(name, value)| {
            let value = tokens.mask(value.as_bytes().to_vec());
            (
                name.as_str().to_owned(),
                String::from_utf8_lossy(&value).into_owned(),
            )
        })
        .collect()
}

/// The headers without the bytes of our tokens, for whoever reads more out of them.
pub(super) fn masked(headers: &HeaderMap, tokens: &Tokens<'_>) -> HeaderMap {
    let masked =
        |value: &HeaderValue| HeaderValue::from_bytes(&tokens.mask(value.as_bytes().to_vec())).ok();
    headers
        .iter()
        .filter_map(|(name, value)| Some((name.clone(), masked(value)?)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(name: &str, value: &str) -> Option<Code> {
        checked(
            &[(name.to_owned(), value.to_owned())],
            "flyte-authorization",
        )
        .err()
        .map(|error| error.code())
    }

    #[test]
    fn e05_headers_that_would_split_the_request_are_refused() {
        for (name, value) in [
            ("x", "a\r\nb: c"),
            ("x", "a\0"),
            ("x", "ä"),
            ("x\r\n", "a"),
            ("x y", "a"),
            ("", "a"),
            ("x:", "a"),
        ] {
            assert_eq!(
                code(name, value),
                Some(Code::RequestInvalid),
                "{name:?}: {value:?}"
            );
        }
        assert_eq!(code("X-Request-Id", "7"), None);
    }

    #[test]
    fn e06_headers_of_doorkey_and_of_the_connection_are_refused() {
        for name in [
            "Authorization",
            "HOST",
            "cookie",
            "Proxy-Authorization",
            "Content-Length",
            "Transfer-Encoding",
            "Connection",
            "Sec-Fetch-Site",
            "Flyte-Authorization",
        ] {
            assert_eq!(code(name, "x"), Some(Code::RequestInvalid), "{name}");
        }
    }
}

//! Under which header an API takes its token: `Authorization`, or one that a proxy before it leaves alone.

use reqwest::header::HeaderName;

/// Longer than any name in use.
const LONGEST: usize = 64;

/// Headers that mean something else, to the server or to whoever stands before it and may log them.
const TAKEN: [&str; 32] = [
    "age",
    "allow",
    "cache-control",
    "connection",
    "cookie",
    "cookie2",
    "date",
    "dpop",
    "early-data",
    "etag",
    "expect",
    "forwarded",
    "from",
    "host",
    "http2-settings",
    "keep-alive",
    "link",
    "location",
    "max-forwards",
    "origin",
    "pragma",
    "priority",
    "range",
    "referer",
    "set-cookie",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
    "via",
    "www-authenticate",
];

/// Families of the same kind, by how they begin.
const FAMILIES: [&str; 8] = [
    ":",
    "accept",
    "access-control-",
    "content-",
    "if-",
    "proxy-",
    "sec-",
    "x-forwarded-",
];

/// The header of this name, or what is wrong with it as the rest of a sentence.
pub(super) fn parse(text: &str) -> Result<HeaderName, &'static str> {
    let name = HeaderName::from_bytes(text.as_bytes())
        .ok()
        .filter(|name| name.as_str().len() <= LONGEST)
        .ok_or("is not the name of a header")?;
    let is_taken = TAKEN.contains(&name.as_str())
        || FAMILIES
            .iter()
            .any(|family| name.as_str().starts_with(family));
    if is_taken {
        return Err("is a header that means something else");
    }
    Ok(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_for_tokens_is_none_of_those_that_mean_something_else() {
        for good in ["authorization", "Flyte-Authorization", "x-api-token"] {
            let name = parse(good).expect(good);
            assert_eq!(name.as_str(), good.to_ascii_lowercase());
        }
        let long = "a".repeat(65);
        for bad in [
            "",
            "a b",
            "a:b",
            "a\r\nb",
            "\u{e9}",
            &long,
            "Cookie",
            "Set-Cookie",
            "HOST",
            ":authority",
            "Content-Type",
            "content-length",
            "Transfer-Encoding",
            "Connection",
            "Proxy-Authorization",
            "Sec-Fetch-Site",
            "X-Forwarded-For",
            "Referer",
            "User-Agent",
            "Origin",
            "Accept",
        ] {
            assert!(parse(bad).is_err(), "{bad}");
        }
    }
}

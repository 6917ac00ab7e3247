//! The pages that a browser may see here: static bytes, no script, nothing of the request.

use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderValue, Response, StatusCode, header};
use http_body_util::Full;
use hyper::body::Bytes;
use sha2::{Digest as _, Sha256};

use super::gate::TurnedAway;

/// What the pages share. Each file links to it, so that it can be opened by itself; served, they carry it within.
const STYLE: &str = include_str!("pages/style.css");
const LINK: &str = r#"<link rel="stylesheet" href="style.css">"#;

/// A page for the browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Page {
    /// The person is signed in.
    SignedIn,
    /// Nobody was signed in.
    Failed,
    /// The answer has arrived, and it is not known yet how it ends.
    Arrived,
    /// An answer that nothing is waiting for.
    Over,
    /// Anything else.
    Stray,
}

impl Page {
    fn bytes(self) -> Bytes {
        macro_rules! page {
            ($file:literal) => {{
                static PAGE: LazyLock<Bytes> =
                    LazyLock::new(|| with_style(include_str!(concat!("pages/", $file))));
                PAGE.clone()
            }};
        }
        match self {
            Page::SignedIn => page!("signed_in.html"),
            Page::Failed => page!("failed.html"),
            Page::Arrived => page!("arrived.html"),
            Page::Over => page!("over.html"),
            Page::Stray => page!("stray.html"),
        }
    }
}

fn with_style(page: &str) -> Bytes {
    Bytes::from(page.replace(LINK, &format!("<style>{STYLE}</style>")))
}

/// Allows the one style by its hash and nothing else.
static CONTENT_SECURITY_POLICY: LazyLock<HeaderValue> = LazyLock::new(|| {
    let hash = STANDARD.encode(Sha256::digest(STYLE));
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    );
    HeaderValue::try_from(policy).unwrap_or(HeaderValue::from_static("default-src 'none'"))
});

/// A page with the headers that all of them have.
pub(super) fn response(status: StatusCode, page: Page) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(page.bytes()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        CONTENT_SECURITY_POLICY.clone(),
    );
    for (name, value) in [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CONNECTION, "close"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

/// The page for a request that is turned away.
pub(super) fn refusal(turned_away: &TurnedAway) -> Response<Full<Bytes>> {
    let mut response = response(turned_away.status, turned_away.page);
    if let Some(value) = turned_away
        .allow
        .as_ref()
        .and_then(|method| HeaderValue::try_from(method.as_str()).ok())
    {
        response.headers_mut().insert(header::ALLOW, value);
    }
    response
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt as _;

    use super::*;

    const ALL: [Page; 5] = [
        Page::SignedIn,
        Page::Failed,
        Page::Arrived,
        Page::Over,
        Page::Stray,
    ];

    fn text(page: Page) -> String {
        String::from_utf8(page.bytes().to_vec()).expect("UTF-8")
    }

    #[tokio::test]
    async fn a14_the_policy_allows_the_style_that_the_page_carries_and_nothing_else() {
        for page in ALL {
            let response = response(StatusCode::OK, page);
            let policy = response.headers()[header::CONTENT_SECURITY_POLICY]
                .to_str()
                .expect("text")
                .to_owned();
            let body = response
                .into_body()
                .collect()
                .await
                .expect("a body")
                .to_bytes();
            let body = std::str::from_utf8(&body).expect("UTF-8");
            let style = body
                .split_once("<style>")
                .and_then(|(_, rest)| rest.split_once("</style>"))
                .expect("a style")
                .0;
            let hash = STANDARD.encode(Sha256::digest(style));
            assert!(policy.starts_with("default-src 'none';"), "{policy}");
            assert!(
                policy.contains(&format!("style-src 'sha256-{hash}'")),
                "{policy}"
            );
            assert_eq!(body.matches("<style").count(), 1);
        }
    }

    #[test]
    fn pages_are_small_whole_and_need_nothing_from_elsewhere() {
        for page in ALL {
            let text = text(page);
            assert!(text.len() < 4096, "{page:?} has {} bytes", text.len());
            assert!(
                text.starts_with("<!doctype html>\n<html lang=\"en\">"),
                "{page:?}"
            );
            for part in [
                "<title>",
                "name=\"viewport\"",
                "<h1>",
                "<main",
                "prefers-color-scheme: dark",
            ] {
                assert_eq!(text.matches(part).count(), 1, "{page:?}: {part}");
            }
            for part in [
                "<script", "style=", " on", "href=", "src=", "url(", "@import", "{{",
            ] {
                let found = match part {
                    " on" => text.split(" on").skip(1).any(|rest| {
                        rest.split('=').next().is_some_and(|name| {
                            name.len() < 12 && name.chars().all(char::is_alphabetic)
                        })
                    }),
                    part => text.contains(part),
                };
                assert!(!found, "{page:?}: {part}");
            }
        }
    }

    #[test]
    fn a74_only_one_page_says_that_somebody_is_signed_in() {
        let claims: Vec<_> = ALL
            .into_iter()
            .filter(|page| text(*page).contains("You are signed in"))
            .collect();
        assert_eq!(claims, [Page::SignedIn]);
    }
}

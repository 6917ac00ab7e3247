//! Where a call goes: only to an API that the profile lists, and never out of its base path.

use url::Url;

use crate::error::{Code, Error, Result};

/// Resolves a path against the first API, or accepts a whole URL below any of them.
pub(super) fn resolve(apis: &[Url], target: &str) -> Result<Url> {
    let invalid = |what: &str| {
        Error::new(Code::RequestInvalid, format!("The path or URL {what}")).with_hint(
            "Write a path such as /api/me, or a whole URL below one of the profile's APIs.",
        )
    };
    let Some(first) = apis.first() else {
        return Err(Error::new(Code::OriginNotAllowed, "The profile lists no API that the token may go to")
            .with_hint("Add a line such as api = [\"https://api.example.com\"] to the profile, or sign in with --api URL."));
    };
    if target.is_empty() {
        return Err(invalid("is empty"));
    }
    // The URL parser silently drops tabs and line ends and takes a backslash for a slash; nobody means that.
    if target
        .chars()
        .any(|character| character.is_control() || character == '\\' || character == ' ')
    {
        return Err(invalid("has a space, a backslash or a control character")
            .with_hint("Percent-encode it, for example a space as %20."));
    }
    if target.contains('#') {
        return Err(invalid("has a fragment").with_hint("Percent-encode # as %23."));
    }
    let (path, _) = target.split_once('?').unwrap_or((target, ""));
    if has_dot_segment(path) {
        return Err(
            invalid("has a `..` segment, an encoded slash or their like")
                .with_hint("Write the path without detours."),
        );
    }
    if target.contains("://") && !target.starts_with(['/', '?']) {
        let url =
            Url::parse(target).map_err(|error| invalid(&format!("is not a URL ({error})")))?;
        return if apis.iter().any(|api| is_below(&url, api)) {
            Ok(url)
        } else {
            Err(not_allowed(&url))
        };
    }
    if target.starts_with("//") {
        return Err(invalid("begins with two slashes"));
    }
    // A first segment with a colon would be taken for a scheme.
    let relative = target.trim_start_matches('/');
    let url = first
        .join(&format!("./{relative}"))
        .map_err(|error| invalid(&format!("is not a path ({error})")))?;
    if is_below(&url, first) {
        Ok(url)
    } else {
        Err(not_allowed(&url))
    }
}

/// Whether the path leaves its base for any server that decodes it once more than it should.
fn has_dot_segment(path: &str) -> bool {
    let detours = |path: &str| {
        path.split('/')
            .any(|segment| matches!(segment.split(';').next(), Some("." | "..")))
    };
    if !path.contains('%') {
        return detours(path);
    }
    let mut decoded = path.to_ascii_lowercase();
    for (code, character) in [("%2e", "."), ("%2f", "/"), ("%5c", "/"), ("%25", "%")] {
        decoded = decoded.replace(code, character);
    }
    // Twice encoded is once encoded now.
    for (code, character) in [("%2e", "."), ("%2f", "/"), ("%5c", "/")] {
        decoded = decoded.replace(code, character);
    }
    detours(&decoded)
}

fn is_below(url: &Url, api: &Url) -> bool {
    url.origin() == api.origin()
        && url.username().is_empty()
        && url.password().is_none()
        && (url.path().starts_with(api.path()) || format!("{}/", url.path()) == api.path())
}

fn not_allowed(url: &Url) -> Error {
    Error::new(
        Code::OriginNotAllowed,
        format!(
            "The token may not go to {}{}",
            url.origin().ascii_serialization(),
            if url.path() == "/" { "" } else { url.path() }
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn apis() -> Vec<Url> {
        [
            "https://api.example.com/",
            "https://other.example.com/base/",
        ]
        .map(|text| Url::parse(text).expect("a URL"))
        .to_vec()
    }

    fn based() -> Vec<Url> {
        vec![Url::parse("https://api.example.com/v1/").expect("a URL")]
    }

    #[test]
    fn paths_and_urls_below_an_api_are_resolved() {
        for (target, url) in [
            ("/api/me", "https://api.example.com/api/me"),
            ("api/me?x=1&x=2", "https://api.example.com/api/me?x=1&x=2"),
            (
                "https://other.example.com/base/x",
                "https://other.example.com/base/x",
            ),
            ("https://API.example.com:443/x", "https://api.example.com/x"),
            ("a:b", "https://api.example.com/a:b"),
            (
                "/search?q=https://x.example/..",
                "https://api.example.com/search?q=https://x.example/..",
            ),
        ] {
            assert_eq!(resolve(&apis(), target).expect(target).as_str(), url);
        }
        assert_eq!(
            resolve(&based(), "/me").expect("a URL").as_str(),
            "https://api.example.com/v1/me"
        );
        assert_eq!(
            resolve(&based(), "https://api.example.com/v1")
                .expect("a URL")
                .as_str(),
            "https://api.example.com/v1"
        );
    }

    #[test]
    fn e01_other_origins_are_refused() {
        for target in [
            "https://api.example.com.evil/x",
            "https://api.example.com@evil/x",
            "https://api.example.com:444/x",
            "http://api.example.com/x",
            "https://x.api.example.com/",
            "https://api.example.com./x",
            "https://аpi.example.com/",
            "https://other.example.com/",
            "https://other.example.com/base2/x",
            "https://user@api.example.com/x",
            "ftp://api.example.com/x",
        ] {
            assert_eq!(
                resolve(&apis(), target).expect_err(target).code(),
                Code::OriginNotAllowed,
                "{target}"
            );
        }
        assert_eq!(
            resolve(&[], "/x").expect_err("no API").code(),
            Code::OriginNotAllowed
        );
    }

    #[test]
    fn e02_paths_that_turn_into_hosts_are_refused() {
        for target in [
            "//evil/x",
            "\\\\evil",
            "/\\evil",
            "/\t/evil",
            "ht\ntps://evil",
            "",
            "/x#y",
            " https://evil",
        ] {
            assert_eq!(
                resolve(&apis(), target).expect_err(target).code(),
                Code::RequestInvalid,
                "{target:?}"
            );
        }
        // Without an authority it is a path like any other, on our own host.
        assert_eq!(
            resolve(&apis(), "http:/evil").expect("a path").host_str(),
            Some("api.example.com")
        );
    }

    #[test]
    fn e03_nothing_leaves_the_base_path() {
        for target in [
            "../admin",
            "/../admin",
            "%2e%2e/admin",
            "..%2fadmin",
            "..;/admin",
            "%5c../admin",
            "a/../../admin",
            "%252e%252e/x",
            ".%2e/x",
            "https://api.example.com/v1/../admin",
            "https://api.example.com/v1/%2E%2e/admin",
        ] {
            assert_eq!(
                resolve(&based(), target).expect_err(target).code(),
                Code::RequestInvalid,
                "{target}"
            );
        }
        assert_eq!(
            resolve(&based(), "https://api.example.com/admin")
                .expect_err("outside")
                .code(),
            Code::OriginNotAllowed
        );
    }

    proptest::proptest! {
        #[test]
        fn whatever_is_asked_for_stays_below_the_base(target in ".{0,60}") {
            if let Ok(url) = resolve(&based(), &target) {
                proptest::prop_assert_eq!(url.host_str(), Some("api.example.com"));
                proptest::prop_assert!(url.path() == "/v1" || url.path().starts_with("/v1/"));
            }
        }
    }
}

//! Addresses as people write them, `acme.okta.com` for `https://acme.okta.com`.

use url::Url;

/// The origin of a server, without a slash after it.
pub(super) fn origin(text: &str) -> Option<String> {
    let base = base(text)?;
    (Url::parse(&base).ok()?.path() == "/").then_some(base)
}

/// The address of a server with its path, without a slash after it.
pub(super) fn base(text: &str) -> Option<String> {
    let text = text.trim();
    let whole = if text.contains("://") {
        text.to_owned()
    } else {
        format!("https://{text}")
    };
    let whole = whole.trim_end_matches('/');
    let url = Url::parse(whole).ok()?;
    let is_plain = matches!(url.scheme(), "https" | "http")
        && url.host_str().is_some_and(|host| !host.is_empty())
        && url.query().is_none()
        && url.fragment().is_none()
        && !whole.contains(['{', '}', '@']);
    // As a URL is written: the host in lower case, without the usual port. Issuers are compared byte by byte.
    is_plain.then(|| url.as_str().trim_end_matches('/').to_owned())
}

/// One segment of a path, such as a tenant or a realm.
pub(super) fn segment(text: &str) -> Option<String> {
    let text = text.trim();
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~%".contains(&byte);
    (!text.is_empty() && text != "." && text != ".." && text.bytes().all(is_plain))
        .then(|| text.to_owned())
}

/// What people write for an origin.
pub(super) fn host(origin: &str) -> &str {
    origin.strip_prefix("https://").unwrap_or(origin)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_what_people_write() {
        for (text, is) in [
            ("acme.okta.com", Some("https://acme.okta.com")),
            (" https://acme.okta.com/ ", Some("https://acme.okta.com")),
            ("http://127.0.0.1:4190", Some("http://127.0.0.1:4190")),
            ("acme.okta.com:8443", Some("https://acme.okta.com:8443")),
            ("ACME.okta.com:443", Some("https://acme.okta.com")),
            ("acme.okta.com/oauth2", None),
            ("ftp://acme.okta.com", None),
            ("a me", None),
            ("", None),
            ("user@acme.okta.com", None),
            ("acme.okta.com?x", None),
        ] {
            assert_eq!(origin(text).as_deref(), is, "{text:?}");
            assert!(is.is_none_or(|is| origin(host(is)).as_deref() == Some(is)));
        }
        assert_eq!(
            base("https://sso.example.com/auth/").as_deref(),
            Some("https://sso.example.com/auth")
        );
        assert_eq!(segment(" common ").as_deref(), Some("common"));
        for bad in ["a/b", "a b", "", "..", "{tenant}", "a?b"] {
            assert_eq!(segment(bad), None, "{bad}");
        }
    }
}

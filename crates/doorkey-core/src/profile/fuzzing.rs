//! Laws of a profile file.

use url::Url;

use super::{Profile, ProfileName, RedirectUri, Server};
use crate::fuzzing::{Verdict, assert_tellable};

/// The text of a profile file.
pub(crate) fn profile(bytes: &[u8]) -> Verdict {
    let name: ProfileName = "work".parse().expect("a name");
    let profile = match Profile::parse(&name, &String::from_utf8_lossy(bytes)) {
        Ok(profile) => profile,
        Err(error) => {
            assert_tellable(&error);
            return Verdict::Refused;
        }
    };
    let written = profile.to_toml();
    let again = Profile::parse(&name, &written).expect("its own TOML");
    assert_eq!(again.to_toml(), written);
    assert_eq!(again.redirect_uri(), profile.redirect_uri());
    assert_eq!(again.binding(), profile.binding());

    match &profile.server {
        Server::Discovered(issuer) => assert_secure(issuer.url()),
        Server::Explicit(endpoints) => {
            assert_secure(&endpoints.authorization);
            assert_secure(&endpoints.token);
        }
    }
    for api in profile.api() {
        assert_secure(api);
        assert!(api.path().ends_with('/') && api.query().is_none());
    }
    assert_returns_here(profile.redirect_uri());
    assert!((10..=3600).contains(&profile.timeout().as_secs()));
    for scope in profile.scopes() {
        assert!(
            scope.bytes().all(|byte| matches!(byte, b'!'..=b'~')),
            "{scope:?}"
        );
    }
    for name in [
        "state",
        "nonce",
        "code_challenge",
        "redirect_uri",
        "client_id",
        "response_type",
    ] {
        assert!(!profile.authorization_parameters.contains_key(name));
    }
    Verdict::Accepted
}

/// Encrypted, or this computer itself.
fn assert_secure(url: &Url) {
    let host = url.host_str().expect("a host");
    let is_here = host == "localhost"
        || host.ends_with(".localhost")
        || host.starts_with("127.")
        || host == "[::1]";
    assert!(
        url.scheme() == "https" || (url.scheme() == "http" && is_here),
        "{url}"
    );
    assert!(url.username().is_empty() && url.password().is_none() && url.fragment().is_none());
}

/// The browser is only ever sent back to this computer, or to a scheme that belongs to a domain.
fn assert_returns_here(uri: &RedirectUri) {
    let text = uri.to_string();
    let url = Url::parse(&text).expect("a URL");
    assert!(url.query().is_none() && url.fragment().is_none() && url.username().is_empty());
    match uri {
        RedirectUri::Loopback(_) => {
            assert!(
                matches!(url.host_str(), Some("127.0.0.1" | "[::1]" | "localhost")),
                "{text}"
            );
            assert_eq!(url.scheme(), "http");
        }
        RedirectUri::PrivateUse(_) => {
            assert!(url.scheme().contains('.') && !url.has_authority(), "{text}");
            assert_eq!(url.as_str(), text, "as a browser writes it");
        }
    }
    assert!(!uri.to_register().is_empty());
}

//! Laws of what a server says about itself and about the client.

use std::sync::LazyLock;

use serde_json::Value;
use url::Url;

use super::{Provider, client_settings, metadata};
use crate::error::Result;
use crate::fuzzing::{Verdict, assert_inert, assert_tellable};
use crate::profile::{Profile, RedirectUri, is_private, secure_url};

const ISSUER: &str = "https://login.example.com";

/// A metadata document of a public issuer.
pub(crate) fn discovery(bytes: &[u8]) -> Verdict {
    match snapshot(bytes) {
        Ok(provider) => {
            assert_eq!(provider.issuer.as_deref(), Some(ISSUER), "byte for byte");
            let endpoints = [
                Some(&provider.authorization_endpoint),
                Some(&provider.token_endpoint),
                provider.jwks_uri.as_ref(),
                provider.userinfo_endpoint.as_ref(),
            ];
            for endpoint in endpoints.into_iter().flatten() {
                assert_is_public(endpoint);
            }
            let optional = [
                &provider.device_authorization_endpoint,
                &provider.revocation_endpoint,
                &provider.end_session_endpoint,
            ];
            for endpoint in optional.into_iter().flatten() {
                assert_is_public(endpoint);
            }
            assert!(provider.jwks_uri.is_some(), "an ID token is asked for");
            // White space and order of members change nothing.
            let written =
                serde_json::from_slice::<Value>(bytes).map(|document| document.to_string());
            if let Ok(written) = written {
                assert_eq!(
                    snapshot(written.as_bytes()).expect("the same document"),
                    provider
                );
            }
            Verdict::Accepted
        }
        Err(error) => {
            assert_tellable(&error);
            Verdict::Refused
        }
    }
}

/// The client settings of a profile that leaves all it can to them.
pub(crate) fn client_settings(bytes: &[u8]) -> Verdict {
    let profile = &*LENIENT;
    let url = profile.client_settings().expect("an address");
    let settings = match client_settings::parse(url, bytes) {
        Ok(settings) => settings,
        Err(error) => {
            assert_tellable(&error);
            return Verdict::Refused;
        }
    };
    let Ok(settled) = profile.settled(&settings) else {
        return Verdict::Refused;
    };
    assert!(matches!(settled.redirect_uri(), RedirectUri::Loopback(_)));
    assert!(!settled.client_id().is_empty());
    assert_inert(settled.client_id(), 1024);
    assert!(settled.scopes().len() <= 64);
    for scope in settled.scopes() {
        assert_inert(scope, 1024);
        assert!(!scope.is_empty() && !scope.contains(' '));
    }
    for (name, value) in &settled.authorization_parameters {
        assert_eq!(name, "audience", "nothing else is the server's to say");
        assert_inert(value, 1024);
        if let Ok(audience) = Url::parse(value)
            && matches!(audience.scheme(), "http" | "https")
        {
            let is_own = |api: &Url| api.origin() == audience.origin();
            assert!(
                profile.api().iter().any(is_own),
                "{audience} is another server's"
            );
        }
    }
    let header = settled.authorization_header();
    assert!(!["cookie", "host", "origin", "referer"].contains(&header));
    for family in ["content-", "proxy-", "sec-", "x-forwarded-"] {
        assert!(!header.starts_with(family), "{header} means something else");
    }
    // Where tokens go, and what runs on this computer, stays the profile's.
    assert_eq!(settled.server, profile.server);
    assert_eq!(settled.api(), profile.api());
    assert_eq!(settled.browser(), profile.browser());
    assert_eq!(settled.to_toml(), profile.to_toml());
    let client = settled.settled_client().expect("a client");
    assert!(
        profile.of_client(&client).is_client(&client),
        "remembered as it was settled"
    );
    Verdict::Accepted
}

fn snapshot(bytes: &[u8]) -> Result<Provider> {
    let issuer = PLAIN.issuer().expect("an issuer");
    metadata::parse(&PLAIN, issuer, bytes)
}

fn assert_is_public(endpoint: &Url) {
    assert!(secure_url(endpoint.as_str()).is_ok(), "{endpoint}");
    assert!(
        !is_private(endpoint) && endpoint.scheme() == "https",
        "{endpoint}"
    );
}

static PLAIN: LazyLock<Profile> = LazyLock::new(|| {
    Profile::for_issuer(&"work".parse().expect("a name"), ISSUER, "abc").expect("a profile")
});

static LENIENT: LazyLock<Profile> = LazyLock::new(|| {
    let text = format!(
        "issuer = \"{ISSUER}\"\napi = [\"https://api.example.com\"]\nclient_settings = \"https://api.example.com/config\"\n"
    );
    Profile::parse(&"work".parse().expect("a name"), &text).expect("a profile")
});

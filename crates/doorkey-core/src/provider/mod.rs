//! What is known about the provider: one immutable snapshot for each attempt.

mod cache;
mod client_settings;
mod discovery;
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) mod fuzzing;
mod metadata;

use url::Url;

use crate::profile::Profile;

pub(crate) use cache::Cache;
pub(crate) use client_settings::settled;
pub(crate) use discovery::Discovery;

/// A provider as it was when the attempt began. Nothing of it changes afterwards.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Provider {
    /// The issuer, byte for byte; the template of one where the profile allows that. None for a plain OAuth 2 server.
    pub(crate) issuer: Option<String>,
    pub(crate) authorization_endpoint: Url,
    pub(crate) token_endpoint: Url,
    /// Where a device code is asked for ([RFC 8628 §4](https://www.rfc-editor.org/rfc/rfc8628#section-4)).
    pub(crate) device_authorization_endpoint: Option<Url>,
    pub(crate) revocation_endpoint: Option<Url>,
    pub(crate) userinfo_endpoint: Option<Url>,
    pub(crate) end_session_endpoint: Option<Url>,
    pub(crate) jwks_uri: Option<Url>,
    /// `id_token_signing_alg_values_supported`, as published. Empty when the metadata does not say.
    pub(crate) id_token_algorithms: Vec<String>,
    /// Whether the metadata names S256 among the methods of PKCE. Metadata that names others only is refused.
    pub(crate) advertises_s256: bool,
    /// Whether every authorization response carries `iss` ([RFC 9207 §3](https://www.rfc-editor.org/rfc/rfc9207#section-3)).
    pub(crate) names_issuer_in_responses: bool,
    /// `scopes_supported`, if published.
    pub(crate) scopes: Option<Vec<String>>,
}

impl Provider {
    /// The scopes to ask for: `offline_access` only where the provider knows it, since nobody chose it by hand
    /// when it is the default.
    pub(crate) fn scopes_to_ask<'a>(&self, profile: &'a Profile) -> Vec<&'a str> {
        let known = |scope: &str| {
            scope != "offline_access"
                || !profile.scopes_are_default()
                || self
                    .scopes
                    .as_ref()
                    .is_none_or(|scopes| scopes.iter().any(|known| known == scope))
        };
        profile
            .scopes()
            .iter()
            .map(String::as_str)
            .filter(|scope| known(scope))
            .collect()
    }
}

//! A personality as data: what there is to choose, each choice named for what a caller then sees.

use std::time::Duration;

use super::{Addresses, Api, Authorization, Redirects, Refresh, Registration, Tokens};
use crate::scope::Vocabulary;

/// How a provider behaves.
///
/// The servers look only at these values; none of them asks which provider it plays. To try one more quirk,
/// take a personality and change a value:
///
/// ```
/// use doorkey_idp::{Config, Personality};
///
/// let mut personality = Personality::STANDARD;
/// personality.refresh.brings_id_token = false;
/// let config = Config { personality, ..Config::default() };
/// ```
#[derive(Clone, Debug)]
pub struct Personality {
    /// What it is chosen by, such as `passport`.
    pub id: &'static str,
    /// Whom it plays, such as `Laravel Passport`.
    pub title: &'static str,
    /// The app that is registered from the start.
    pub client: Registration,
    /// Where everything is.
    pub addresses: Addresses,
    /// What discovery tells besides addresses.
    pub metadata: Metadata,
    /// Which redirect URIs are the registered one.
    pub redirects: Redirects,
    /// What an authorization request must and may say, and what its answer does.
    pub authorization: Authorization,
    /// The names of scopes.
    pub scopes: Vocabulary,
    /// The token endpoint, and what comes from it.
    pub tokens: Tokens,
    /// Refresh tokens.
    pub refresh: Refresh,
    /// The answer to a device.
    pub device: Device,
    /// Revocation and the end of the browser's session.
    pub sign_out: SignOut,
    /// The protected API.
    pub api: Api,
}

/// What discovery tells besides addresses.
#[derive(Clone, Copy, Debug)]
pub struct Metadata {
    /// `code_challenge_methods_supported`; left out when empty.
    pub code_challenge_methods: &'static [&'static str],
    /// `token_endpoint_auth_methods_supported`.
    pub token_endpoint_auth_methods: &'static [&'static str],
}

/// The answer to a device ([RFC 8628 3.2](https://www.rfc-editor.org/rfc/rfc8628#section-3.2)).
#[derive(Clone, Copy, Debug)]
pub struct Device {
    /// Whether the answer says how long to wait between two questions.
    pub tells_interval: bool,
}

/// Revocation and the end of the browser's session.
#[derive(Clone, Copy, Debug)]
pub struct SignOut {
    /// Whether revocation is for clients with a secret only: others are refused with 401.
    pub revocation_refuses_public_clients: bool,
    /// Whether refresh tokens end with the browser's session, and do not outlive it.
    pub ends_grants: bool,
}

impl Personality {
    /// A provider as the specifications want it: OpenID Connect, discovery, any loopback port, rotation.
    pub const STANDARD: Self = Self {
        id: "oidc",
        title: "OpenID Connect",
        client: Registration::STANDARD,
        addresses: Addresses::STANDARD,
        metadata: Metadata::STANDARD,
        redirects: Redirects::STANDARD,
        authorization: Authorization::STANDARD,
        scopes: Vocabulary::STANDARD,
        tokens: Tokens::STANDARD,
        refresh: Refresh::STANDARD,
        device: Device::STANDARD,
        sign_out: SignOut::STANDARD,
        api: Api::STANDARD,
    };

    /// How long a used refresh token may be used again, where a caller has chosen that as well.
    pub(crate) fn refresh_reuse_grace(&self, chosen: Duration) -> Duration {
        self.refresh.reuse_grace.max(chosen)
    }
}

impl Metadata {
    /// S256, and no secrets.
    pub const STANDARD: Self = Self {
        code_challenge_methods: &["S256"],
        token_endpoint_auth_methods: &["none"],
    };
}

impl Device {
    /// The interval is told.
    pub const STANDARD: Self = Self {
        tells_interval: true,
    };
}

impl SignOut {
    /// Whoever has a token may revoke it, and the browser's session is a thing of its own.
    pub const STANDARD: Self = Self {
        revocation_refuses_public_clients: false,
        ends_grants: false,
    };
}

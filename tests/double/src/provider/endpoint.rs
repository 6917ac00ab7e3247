//! What there is to ask for.

use crate::request::Request;

/// What a client can ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Endpoint {
    /// The OpenID Connect metadata.
    Metadata,
    /// The authorization endpoint, where the person agrees at once.
    Authorization,
    /// The key set.
    Keys,
    /// The token endpoint.
    Token,
    /// Userinfo.
    Userinfo,
    /// Revocation.
    Revocation,
    /// The end of the person's session at the provider.
    EndSession,
    /// The protected API below `/api`.
    Api,
    /// Whatever else is asked.
    Elsewhere,
}

impl Endpoint {
    pub(super) fn of(request: &Request) -> Self {
        match request.path.as_str() {
            "/.well-known/openid-configuration" => Self::Metadata,
            "/authorize" => Self::Authorization,
            "/jwks" => Self::Keys,
            "/token" => Self::Token,
            "/userinfo" => Self::Userinfo,
            "/revoke" => Self::Revocation,
            "/logout" => Self::EndSession,
            path if path == "/api" || path.starts_with("/api/") => Self::Api,
            _ => Self::Elsewhere,
        }
    }
}

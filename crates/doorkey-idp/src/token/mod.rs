//! Signed tokens: made with a role's own keys, checked with the keys that the
//! other side publishes.

mod access;
mod keys;
mod remote;

pub(crate) use access::AccessTokens;
pub(crate) use keys::SigningKeys;
pub(crate) use remote::{Expected, RemoteKeys, TokenRefused};

use serde::{Deserialize, Serialize};

/// `typ` of an access token ([RFC 9068 2.1]).
///
/// [RFC 9068 2.1]: https://www.rfc-editor.org/rfc/rfc9068#section-2.1
pub(crate) const ACCESS_TOKEN_TYPE: &str = "at+jwt";

/// `typ` of an ID token.
pub(crate) const ID_TOKEN_TYPE: &str = "JWT";

/// Claims of an access token ([RFC 9068 2.2]), and the grant it belongs to.
///
/// [RFC 9068 2.2]: https://www.rfc-editor.org/rfc/rfc9068#section-2.2
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct AccessClaims {
    pub(crate) iss: String,
    pub(crate) aud: String,
    pub(crate) sub: String,
    pub(crate) client_id: String,
    pub(crate) scope: String,
    pub(crate) iat: i64,
    pub(crate) exp: i64,
    pub(crate) jti: String,
    pub(crate) auth_time: i64,
    pub(crate) grant_id: String,
}

/// Claims of an ID token ([OpenID Connect 2]).
///
/// [OpenID Connect 2]: https://openid.net/specs/openid-connect-core-1_0.html#IDToken
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct IdClaims {
    pub(crate) iss: String,
    pub(crate) aud: String,
    pub(crate) sub: String,
    pub(crate) iat: i64,
    pub(crate) exp: i64,
    pub(crate) auth_time: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) nonce: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) at_hash: Option<String>,
    /// The issuer of whoever found out who the person is. No standard has a
    /// claim for that; other brokers use this name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) identity_provider: Option<String>,
    /// The person's tenant, where there are several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) tid: Option<String>,
    #[serde(flatten)]
    pub(crate) person: PersonClaims,
}

/// What scopes let an app know about a person ([OpenID Connect 5.4]).
///
/// [OpenID Connect 5.4]: https://openid.net/specs/openid-connect-core-1_0.html#ScopeClaims
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PersonClaims {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) given_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) family_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) preferred_username: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) picture: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) updated_at: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) email_verified: Option<bool>,
}

//! How a personality gives tokens.

use std::time::Duration;

/// The token endpoint, and what comes from it.
#[derive(Clone, Copy, Debug)]
pub struct Tokens {
    /// Whether a request's body may be JSON as well as a form.
    pub takes_json: bool,
    /// For what a client with a secret has to send it.
    pub secret: Secret,
    /// How an answer is written.
    pub encoding: Encoding,
    /// Whether an error comes with status 200.
    pub errors_are_ok: bool,
    /// Status and error of an authorization code that is refused.
    pub refused_code: (u16, &'static str),
    /// `token_type`, as it is written here.
    pub token_type: &'static str,
    /// How access tokens look that are for the API.
    pub access_token: AccessToken,
    /// How access tokens look that are for the userinfo endpoint only.
    pub userinfo_token: AccessToken,
    /// What follows the origin in the issuer that access tokens name, if it is another than that of ID tokens.
    pub access_token_issuer: Option<&'static str>,
    /// Whether access tokens expire, and the answer says when.
    pub expire: bool,
    /// Whether the answer says which scopes were granted.
    pub tells_scope: bool,
    /// Whether there are ID tokens.
    pub id_token: bool,
}

/// For what a client with a secret has to send it, with HTTP Basic or in the body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Secret {
    /// For nothing: there are only public clients.
    Never,
    /// For every request, revocation apart: whoever has the token may revoke it.
    Tokens,
    /// For authorization codes only.
    Codes,
}

/// How an answer of the token endpoint is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// As JSON.
    Json,
    /// As a form, unless the request accepts JSON.
    FormUnlessAccepted,
    /// As a form, whatever the request accepts.
    Form,
}

/// How an access token looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccessToken {
    /// As a JWT for the API.
    Signed,
    /// As a JWT for this audience.
    SignedFor(&'static str),
    /// Not to be read by anybody else, with this before it.
    Opaque(&'static str),
}

/// Refresh tokens.
#[derive(Clone, Copy, Debug)]
pub struct Refresh {
    /// When there is one.
    pub given: RefreshGiven,
    /// Whether each refresh brings the next one, and the one before ends.
    pub rotates: bool,
    /// How long a used one may be used again before that ends the whole grant.
    pub reuse_grace: Duration,
    /// Whether a refresh brings an ID token.
    pub brings_id_token: bool,
    /// Whether a refusal says nothing but status 400.
    pub refused_without_body: bool,
}

/// When there is a refresh token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefreshGiven {
    /// When its scope was granted.
    WithScope,
    /// When the request says `access_type=offline` and the person was asked.
    WithAccessType,
    /// Each time.
    Always,
    /// Never.
    Never,
}

impl Tokens {
    /// JSON, signed access tokens, ID tokens, and no secret.
    pub const STANDARD: Self = Self {
        takes_json: false,
        secret: Secret::Never,
        encoding: Encoding::Json,
        errors_are_ok: false,
        refused_code: (400, "invalid_grant"),
        token_type: "Bearer",
        access_token: AccessToken::Signed,
        userinfo_token: AccessToken::Signed,
        access_token_issuer: None,
        expire: true,
        tells_scope: true,
        id_token: true,
    };
}

impl Refresh {
    /// With `offline_access`, rotated, and nothing forgiven.
    pub const STANDARD: Self = Self {
        given: RefreshGiven::WithScope,
        rotates: true,
        reuse_grace: Duration::ZERO,
        brings_id_token: true,
        refused_without_body: false,
    };
}

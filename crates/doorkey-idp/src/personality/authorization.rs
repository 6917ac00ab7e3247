//! How a personality takes an authorization request.

/// What an authorization request must and may say, and what its answer does.
#[derive(Clone, Copy, Debug)]
pub struct Authorization {
    /// Whether the answer names the issuer ([RFC 9207](https://www.rfc-editor.org/rfc/rfc9207)).
    pub names_issuer: bool,
    /// What `prompt` may ask for.
    pub prompts: &'static [&'static str],
    /// What is demanded of PKCE.
    pub proof: Proof,
    /// How a request says which API its token is for.
    pub resource: Resource,
    /// Whether the person may allow a part of what is asked for.
    pub consent_may_be_partial: bool,
    /// Whether somebody who is signed in and has agreed before is asked again, each time.
    pub asks_each_time: bool,
}

/// What is demanded of PKCE ([RFC 7636](https://www.rfc-editor.org/rfc/rfc7636)).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// A challenge with S256, named as such.
    S256,
    /// A challenge. Without a method it is the verifier itself.
    PlainUnlessNamed,
    /// Nothing; but a challenge that was sent is kept to.
    Optional,
}

/// How a request says which API its token is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resource {
    /// It need not: there is one. `resource` may name it ([RFC 8707](https://www.rfc-editor.org/rfc/rfc8707)).
    Indicator,
    /// With `audience`. Without it, the token is good for the userinfo endpoint only.
    Audience,
    /// Inside a scope, `RESOURCE/SCOPE`, one resource for each request. Without one, the token is good for the
    /// userinfo endpoint only.
    Scope,
    /// As [`Resource::Scope`], or with `resource`.
    ScopeOrParameter,
}

impl Authorization {
    /// S256 demanded, the issuer named, everything or nothing allowed.
    pub const STANDARD: Self = Self {
        names_issuer: true,
        prompts: &["none", "login", "consent", "select_account"],
        proof: Proof::S256,
        resource: Resource::Indicator,
        consent_may_be_partial: false,
        asks_each_time: false,
    };
}

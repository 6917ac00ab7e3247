//! Access tokens: signed, or sealed so that nobody else can read them.

use std::{sync::Arc, time::Duration};

use crate::{
    clock::now_seconds,
    fault::Fault,
    personality::AccessToken,
    seal::{Purpose, Seal},
    token::{ACCESS_TOKEN_TYPE, AccessClaims, SigningKeys},
};

/// Makes the access tokens of one issuer, and knows them again.
pub(crate) struct AccessTokens {
    /// The issuer that they name.
    issuer: String,
    keys: Arc<SigningKeys>,
    seal: Seal,
}

impl AccessTokens {
    pub(crate) fn new(issuer: String, keys: Arc<SigningKeys>, seal: Seal) -> Self {
        Self { issuer, keys, seal }
    }

    pub(crate) fn issuer(&self) -> &str {
        &self.issuer
    }

    /// Writes claims as a token that looks like this.
    pub(crate) fn write(
        &self,
        looks: AccessToken,
        claims: &AccessClaims,
        lifetime: Duration,
    ) -> Result<String, Fault> {
        match looks {
            AccessToken::Signed | AccessToken::SignedFor(_) => {
                self.keys.sign(ACCESS_TOKEN_TYPE, claims)
            }
            AccessToken::Opaque(prefix) => {
                let sealed =
                    self.seal
                        .seal(Purpose::AccessToken, &self.issuer, lifetime, claims)?;
                Ok(format!("{prefix}{sealed}"))
            }
        }
    }

    /// The claims of one that looks like this and has not expired. What it says of its audience is for the caller to judge.
    pub(crate) fn read(&self, looks: AccessToken, token: &str) -> Option<AccessClaims> {
        let claims = match looks {
            AccessToken::Signed | AccessToken::SignedFor(_) => {
                self.keys.claims_of_own(ACCESS_TOKEN_TYPE, token)?
            }
            AccessToken::Opaque(prefix) => self
                .seal
                .open(
                    Purpose::AccessToken,
                    &self.issuer,
                    token.strip_prefix(prefix)?,
                )
                .ok()?,
        };
        let claims: AccessClaims = claims;
        (claims.iss == self.issuer && claims.exp > now_seconds()).then_some(claims)
    }
}

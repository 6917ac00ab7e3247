//! The verification of an ID token, from its bytes to claims that are believed.

use std::fmt;
use std::time::SystemTime;

use serde_json::{Map, Value};

use super::account::Account;
use super::claims::{self, Expected, fault};
use super::jws::Jws;
use super::keys::Keys;
use super::upstream::upstream;
use crate::clock::from_unix_seconds;
use crate::error::Result;
use crate::text::clean;
use crate::token::IdToken;
use crate::trace::{StepKind, Trace, Value as Field, shown};

/// An ID token that proved to be genuine and meant for this client.
#[derive(Clone, PartialEq)]
pub(crate) struct VerifiedIdToken {
    /// The provider's own, unchanging name of the person.
    pub(crate) subject: String,
    pub(crate) account: Account,
    pub(crate) expires_at: SystemTime,
    /// The signature algorithm, as the header names it.
    pub(crate) algorithm: String,
    /// Which of the provider's keys signed it, if the header says so.
    pub(crate) key_id: Option<String>,
    /// Everything that it says, as it says it.
    pub(crate) claims: Map<String, Value>,
}

/// Tells the names of the claims only: what they say is about a person.
impl fmt::Debug for VerifiedIdToken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("VerifiedIdToken")
            .field("algorithm", &self.algorithm)
            .field("expires_at", &self.expires_at)
            .field("claims", &self.claims.keys().collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}

/// Verifies an ID token
/// ([OpenID Connect Core §3.1.3.7](https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation)).
///
/// What costs nothing comes first: the provider is asked for keys only about a token that could pass.
///
/// # Errors
/// [`Code::IdTokenInvalid`](crate::Code::IdTokenInvalid) names the claim that is wrong,
/// [`Code::IssuerMismatch`](crate::Code::IssuerMismatch) is about `iss`,
/// [`Code::StepUpNotSatisfied`](crate::Code::StepUpNotSatisfied) about `auth_time` and `acr`.
/// [`Code::MetadataInvalid`](crate::Code::MetadataInvalid) and network errors mean that the keys
/// could not be had; nothing is known about the token then.
pub(crate) async fn verify(
    token: &IdToken,
    expected: &Expected<'_>,
    keys: &Keys,
    trace: &Trace,
) -> Result<VerifiedIdToken> {
    let outcome = examine(token, expected, keys, trace).await;
    match &outcome {
        Ok(verified) => {
            trace.step(StepKind::IdTokenVerified, || fields(verified));
            // Whoever refreshes has been nowhere.
            if expected.occasion.is_sign_in()
                && let Some((field, name)) = upstream(&verified.claims, expected)
            {
                trace.step(StepKind::UpstreamSignIn, || vec![(field, shown(name))]);
            }
        }
        Err(error) => trace.failed(StepKind::IdTokenVerified, error),
    }
    outcome
}

async fn examine(
    token: &IdToken,
    expected: &Expected<'_>,
    keys: &Keys,
    trace: &Trace,
) -> Result<VerifiedIdToken> {
    let jws = Jws::parse(token.expose())?;
    if !expected.algorithms.is_empty() && !expected.algorithms.contains(&jws.algorithm_name) {
        return Err(fault(
            "alg",
            format!(
                "is {}, which the provider's metadata does not list",
                jws.algorithm.name()
            ),
        ));
    }
    let checked = claims::check(&jws.claims, jws.algorithm, expected)?;
    keys.verify(&jws, trace).await?;
    Ok(VerifiedIdToken {
        account: Account::from_claims(&jws.claims, expected.access_token),
        subject: checked.subject,
        expires_at: from_unix_seconds(checked.expires_at),
        algorithm: jws.algorithm_name,
        key_id: jws.key_id,
        claims: jws.claims,
    })
}

fn fields(verified: &VerifiedIdToken) -> Vec<(&'static str, Field)> {
    let mut fields = vec![("alg", shown(&verified.algorithm))];
    if let Some(id) = &verified.key_id {
        fields.push(("kid", shown(clean(id, 120))));
    }
    for name in ["iss", "sub", "aud", "iat", "exp"] {
        match verified.claims.get(name) {
            Some(Value::String(text)) => fields.push((name, shown(clean(text, 256)))),
            Some(other) => fields.push((name, shown(clean(&other.to_string(), 256)))),
            None => {}
        }
    }
    if let Some(Value::String(nonce)) = verified.claims.get("nonce") {
        fields.push(("nonce", Field::Hidden(nonce.len())));
    }
    fields
}

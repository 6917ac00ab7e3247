//! The room as a whole, against a provider that misbehaves on demand.

mod device;
mod double;
mod key_sets;
mod keys;
mod picture;
mod refreshed_tokens;
mod signatures;
pub(super) mod signer;
mod token_facts;
mod token_rules;
mod token_times;
mod upstream;
mod userinfo;

use std::sync::Arc;
use std::time::Duration;

use doorkey_double::{Answer, HandClock};
use serde_json::{Value, json};

use self::double::{Double, Steps};
use self::signer::Signer;
use super::algorithm::Algorithm;
use super::id_token::VerifiedIdToken;
use super::{Expected, Keys, Occasion, verify};
use crate::clock::from_unix_seconds;
use crate::error::{Code, Error, Result};
use crate::http::Http;
use crate::token::{AccessToken, IdToken};

const NOW: u64 = 1_800_000_000;
const ISSUER: &str = "https://login.example.com";
const CLIENT: &str = "desktop";
const NONCE: &str = "n-0S6_WzA2Mj";
const ACCESS_TOKEN: &str = "canary-access-token";

/// What the standard sign-in expects.
fn expected(access_token: &AccessToken) -> Expected<'_> {
    Expected {
        issuer: ISSUER,
        client_id: CLIENT,
        additional_audiences: &[],
        algorithms: &[],
        access_token: Some(access_token),
        occasion: Occasion::SignIn {
            nonce: NONCE,
            max_age: None,
            acr_values: "",
        },
        now: from_unix_seconds(NOW),
    }
}

/// Claims that a standard sign-in accepts.
fn claims() -> Value {
    json!({
        "iss": ISSUER, "aud": CLIENT, "sub": "auth0|ada", "nonce": NONCE, "iat": NOW - 2, "exp": NOW + 3600,
        "name": "Ada Lovelace", "preferred_username": "ada", "email": "ada@example.com",
    })
}

fn with(mut value: Value, name: &str, member: Value) -> Value {
    value[name] = member;
    value
}

fn without(mut value: Value, name: &str) -> Value {
    value.as_object_mut().unwrap().remove(name);
    value
}

/// JSON, or what should be.
fn said(body: impl ToString) -> Answer {
    Answer::bytes("application/json", body.to_string())
}

fn key_set(keys: &[Value]) -> Answer {
    said(json!({ "keys": keys }))
}

/// A token of these claims, rightly signed with the shared RSA key `rsa`.
fn token(claims: &Value) -> IdToken {
    let header = json!({ "alg": "RS256", "kid": "rsa", "typ": "JWT" });
    Signer::shared(Algorithm::Rs256).token(Algorithm::Rs256, &header, claims)
}

/// A provider that publishes the shared keys, and a client that knows where.
struct Setting {
    double: Double,
    clock: Arc<HandClock>,
    keys: Keys,
    steps: Steps,
    access_token: AccessToken,
}

impl Setting {
    async fn new() -> Self {
        Self::publishing(&[
            Signer::shared(Algorithm::Rs256).jwk_with_id("rsa"),
            Signer::shared(Algorithm::Es256).jwk_with_id("p256"),
            Signer::shared(Algorithm::Es384).jwk_with_id("p384"),
            Signer::shared(Algorithm::EdDsa).jwk_with_id("ed"),
        ])
        .await
    }

    async fn publishing(keys: &[Value]) -> Self {
        let double = Double::start(key_set(keys)).await;
        let clock = Arc::new(HandClock::still_at(from_unix_seconds(NOW)));
        let keys = Keys::new(Http::new(None), double.url("jwks"), clock.clone());
        Self {
            double,
            clock,
            keys,
            steps: Steps::default(),
            access_token: AccessToken::new(ACCESS_TOKEN),
        }
    }

    async fn verify(&self, token: &IdToken) -> Result<VerifiedIdToken> {
        self.verify_when(token, |_| {}).await
    }

    async fn verify_when<'a>(
        &'a self,
        token: &IdToken,
        change: impl FnOnce(&mut Expected<'a>),
    ) -> Result<VerifiedIdToken> {
        let mut expected = expected(&self.access_token);
        change(&mut expected);
        verify(token, &expected, &self.keys, &self.steps.trace()).await
    }

    /// Refuses the token for a reason that says this; nothing that is told quotes the token.
    async fn refuses(&self, token: &IdToken, code: Code, says: &str) {
        let error = self.verify(token).await.expect_err(says);
        assert_refusal(&error, code, says);
        for secret in token.expose().split('.').filter(|part| part.len() > 8) {
            for text in [
                format!("{error}"),
                format!("{error:?}"),
                error.message(),
                error.hint().to_owned(),
                self.steps.text(),
            ] {
                assert!(!text.contains(secret), "{text}");
            }
        }
    }
}

fn assert_refusal(error: &Error, code: Code, says: &str) {
    assert_eq!(error.code(), code, "{error:?}");
    assert!(
        error.message().contains(says),
        "{error:?} does not say {says:?}"
    );
}

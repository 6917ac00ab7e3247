//! Checking tokens with keys that somebody else publishes.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use jsonwebtoken::{Algorithm, DecodingKey, Validation, jwk::JwkSet};
use serde::de::DeserializeOwned;
use tokio::{sync::Mutex, time::Instant};

/// Fetches of the key set are at least this far apart, so that tokens with
/// made-up key ids cannot turn into a stream of requests.
const PAUSE: Duration = Duration::from_millis(100);

/// A cached key set of one issuer.
pub(crate) struct RemoteKeys {
    jwks_uri: String,
    http: reqwest::Client,
    keys: RwLock<Arc<HashMap<String, DecodingKey>>>,
    last_fetch: Mutex<Option<Instant>>,
}

/// What a token must say to be believed.
pub(crate) struct Expected<'a> {
    pub(crate) issuer: &'a str,
    pub(crate) audience: &'a str,
    pub(crate) token_type: &'a str,
}

/// Why a token is not believed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TokenRefused {
    /// The token itself is wrong; the text says how, for the log and the
    /// challenge, and holds nothing of the token.
    #[error("{0}")]
    Invalid(&'static str),
    /// The keys could not be had, so nothing can be said about the token.
    #[error("the key set could not be fetched")]
    KeysUnavailable,
}

impl RemoteKeys {
    pub(crate) fn new(jwks_uri: String, http: reqwest::Client) -> Self {
        Self {
            jwks_uri,
            http,
            keys: RwLock::default(),
            last_fetch: Mutex::default(),
        }
    }

    /// Checks signature, type, issuer, audience and expiry, and gives the
    /// claims. An unknown key id causes one fetch of the key set.
    pub(crate) async fn verify<T: DeserializeOwned>(
        &self,
        token: &str,
        expected: &Expected<'_>,
    ) -> Result<T, TokenRefused> {
        use jsonwebtoken::errors::ErrorKind;

        let header = jsonwebtoken::decode_header(token)
            .map_err(|_| TokenRefused::Invalid("The token is not a JWT."))?;
        if header.alg != Algorithm::ES256 {
            return Err(TokenRefused::Invalid("The token is not signed with ES256."));
        }
        if header.typ.as_deref() != Some(expected.token_type) {
            return Err(TokenRefused::Invalid("The token has the wrong type."));
        }
        let kid = header
            .kid
            .ok_or(TokenRefused::Invalid("The token names no key."))?;
        let key = self.key(&kid).await?.ok_or(TokenRefused::Invalid(
            "The token is signed with an unknown key.",
        ))?;

        let mut validation = Validation::new(Algorithm::ES256);
        validation.leeway = 0;
        validation.set_issuer(&[expected.issuer]);
        validation.set_audience(&[expected.audience]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        jsonwebtoken::decode::<T>(token, &key, &validation)
            .map(|decoded| decoded.claims)
            .map_err(|error| {
                TokenRefused::Invalid(match error.kind() {
                    ErrorKind::ExpiredSignature => "The token has expired.",
                    ErrorKind::InvalidIssuer => "The token comes from another issuer.",
                    ErrorKind::InvalidAudience => "The token is meant for another audience.",
                    ErrorKind::InvalidSignature => "The token's signature is wrong.",
                    _ => "The token lacks something it must have.",
                })
            })
    }

    async fn key(&self, kid: &str) -> Result<Option<DecodingKey>, TokenRefused> {
        let before = self.cached();
        if let Some(key) = before.get(kid) {
            return Ok(Some(key.clone()));
        }
        let mut last_fetch = self.last_fetch.lock().await;
        let now = self.cached();
        if !Arc::ptr_eq(&before, &now) {
            // Somebody fetched while this request waited.
            return Ok(now.get(kid).cloned());
        }
        if let Some(last) = *last_fetch {
            tokio::time::sleep_until(last + PAUSE).await;
        }
        let fetched = self.fetch().await;
        *last_fetch = Some(Instant::now());
        let keys = Arc::new(fetched.ok_or(TokenRefused::KeysUnavailable)?);
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&keys);
        Ok(keys.get(kid).cloned())
    }

    async fn fetch(&self) -> Option<HashMap<String, DecodingKey>> {
        let response = self
            .http
            .get(&self.jwks_uri)
            .send()
            .await
            .ok()?
            .error_for_status()
            .ok()?;
        let set: JwkSet = serde_json::from_slice(&response.bytes().await.ok()?).ok()?;
        let usable = set
            .keys
            .iter()
            .filter_map(|jwk| Some((jwk.common.key_id.clone()?, DecodingKey::from_jwk(jwk).ok()?)));
        Some(usable.collect())
    }

    fn cached(&self) -> Arc<HashMap<String, DecodingKey>> {
        Arc::clone(&self.keys.read().unwrap_or_else(PoisonError::into_inner))
    }
}

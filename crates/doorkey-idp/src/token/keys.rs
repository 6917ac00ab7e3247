//! The keys of one role: one signs, the retired ones stay published until the
//! last token that they signed has expired.

use std::{
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use aws_lc_rs::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey, Validation,
    jwk::{Jwk, JwkSet, KeyAlgorithm, PublicKeyUse, ThumbprintHash},
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::json;

use crate::{
    clock::now_millis,
    fault::Fault,
    start::Role,
    store::{Store, StoredKey},
};

/// Signs ES256 and publishes what others need to check it.
pub(crate) struct SigningKeys {
    role: Role,
    store: Store,
    /// How long a retired key stays published, in milliseconds.
    retention: i64,
    ring: RwLock<Arc<Ring>>,
}

struct Ring {
    signer: EcdsaKeyPair,
    kid: String,
    published: Vec<Published>,
}

struct Published {
    jwk: Jwk,
    decoding_key: DecodingKey,
    retired_at: Option<i64>,
}

impl SigningKeys {
    /// Reads the keys of a role, or makes the first one.
    pub(crate) async fn load(role: Role, store: Store, retention: Duration) -> Result<Self, Fault> {
        let retention = i64::try_from(retention.as_millis()).unwrap_or(i64::MAX);
        let mut stored = store
            .signing_keys(role, now_millis().saturating_sub(retention))
            .await?;
        if stored.first().is_none_or(|key| key.retired_at.is_some()) {
            let (kid, pkcs8) = generate()?;
            store.replace_signing_key(role, kid, pkcs8).await?;
            stored = store
                .signing_keys(role, now_millis().saturating_sub(retention))
                .await?;
        }
        let ring = RwLock::new(Arc::new(Ring::read(&stored)?));
        Ok(Self {
            role,
            store,
            retention,
            ring,
        })
    }

    /// Signs with a new key from now on; the old one stays published.
    pub(crate) async fn rotate(&self) -> Result<(), Fault> {
        let (kid, pkcs8) = generate()?;
        self.store
            .replace_signing_key(self.role, kid, pkcs8)
            .await?;
        let since = now_millis().saturating_sub(self.retention);
        let ring = Ring::read(&self.store.signing_keys(self.role, since).await?)?;
        *self.ring.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(ring);
        Ok(())
    }

    /// Signs claims as a JWT with this `typ`.
    ///
    /// The JWT library parses and checks the private key anew for each token,
    /// so the three lines that it would do are here, on a key parsed once.
    pub(crate) fn sign<T: Serialize>(&self, token_type: &str, claims: &T) -> Result<String, Fault> {
        let ring = self.ring();
        let header = json!({ "typ": token_type, "alg": "ES256", "kid": ring.kid });
        let mut token = URL_SAFE_NO_PAD.encode(serde_json::to_vec(&header)?);
        token.push('.');
        URL_SAFE_NO_PAD.encode_string(serde_json::to_vec(claims)?, &mut token);
        let signature = ring
            .signer
            .sign(&SystemRandom::new(), token.as_bytes())
            .map_err(|_| Fault::Cryptography("sign a token"))?;
        token.push('.');
        URL_SAFE_NO_PAD.encode_string(signature.as_ref(), &mut token);
        Ok(token)
    }

    /// The published keys: the one that signs, and those retired not long ago.
    pub(crate) fn jwks(&self) -> JwkSet {
        let since = now_millis().saturating_sub(self.retention);
        let ring = self.ring();
        let keys = ring
            .published
            .iter()
            .filter(|key| key.retired_at.is_none_or(|at| at >= since));
        JwkSet {
            keys: keys.map(|key| key.jwk.clone()).collect(),
        }
    }

    /// Claims of a token that this role signed, whatever its age: a hint, not
    /// a credential.
    pub(crate) fn claims_of_own<T: DeserializeOwned>(
        &self,
        token_type: &str,
        token: &str,
    ) -> Option<T> {
        let header = jsonwebtoken::decode_header(token).ok()?;
        if header.typ.as_deref() != Some(token_type) {
            return None;
        }
        let ring = self.ring();
        let key = ring
            .published
            .iter()
            .find(|key| key.jwk.common.key_id == header.kid)?;
        let mut validation = Validation::new(Algorithm::ES256);
        validation.validate_exp = false;
        validation.validate_aud = false;
        validation.required_spec_claims.clear();
        let decoded = jsonwebtoken::decode::<T>(token, &key.decoding_key, &validation).ok()?;
        Some(decoded.claims)
    }

    fn ring(&self) -> Arc<Ring> {
        Arc::clone(&self.ring.read().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Ring {
    fn read(stored: &[StoredKey]) -> Result<Self, Fault> {
        let newest = stored
            .first()
            .ok_or(Fault::Cryptography("find a signing key"))?;
        let signer = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &newest.pkcs8)
            .map_err(|_| Fault::Cryptography("read a signing key"))?;
        let published = stored
            .iter()
            .map(|key| {
                let jwk = public_half(&key.pkcs8, Some(&key.kid))?;
                let decoding_key = DecodingKey::from_jwk(&jwk)
                    .map_err(|_| Fault::Cryptography("read a published key"))?;
                Ok(Published {
                    jwk,
                    decoding_key,
                    retired_at: key.retired_at,
                })
            })
            .collect::<Result<_, Fault>>()?;
        Ok(Self {
            signer,
            kid: newest.kid.clone(),
            published,
        })
    }
}

/// A new key and its id, the thumbprint of [RFC 7638].
///
/// [RFC 7638]: https://www.rfc-editor.org/rfc/rfc7638
fn generate() -> Result<(String, Vec<u8>), Fault> {
    let document =
        EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new())
            .map_err(|_| Fault::Cryptography("make a signing key"))?;
    let pkcs8 = document.as_ref().to_vec();
    let kid = public_half(&pkcs8, None)?
        .thumbprint(ThumbprintHash::SHA256)
        .map_err(|_| Fault::Cryptography("name a signing key"))?;
    Ok((kid, pkcs8))
}

fn public_half(pkcs8: &[u8], kid: Option<&str>) -> Result<Jwk, Fault> {
    let mut jwk = Jwk::from_encoding_key(&EncodingKey::from_ec_der(pkcs8), Algorithm::ES256)
        .map_err(|_| Fault::Cryptography("publish a signing key"))?;
    jwk.common.key_id = kid.map(str::to_owned);
    jwk.common.public_key_use = Some(PublicKeyUse::Signature);
    jwk.common.key_algorithm = Some(KeyAlgorithm::ES256);
    Ok(jwk)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{client::Client, personality::Registration};

    fn store() -> Store {
        let client = Client::registered(&Registration::STANDARD);
        Store::open(None, &client).unwrap()
    }

    async fn keys(store: &Store, retention: Duration) -> SigningKeys {
        SigningKeys::load(Role::Broker, store.clone(), retention)
            .await
            .unwrap()
    }

    #[tokio::test]
    async fn a_rotated_key_stays_published_and_a_new_one_signs() {
        let store = store();
        let keys = keys(&store, Duration::from_secs(60)).await;
        let before = keys.sign("JWT", &json!({ "n": 1 })).unwrap();
        keys.rotate().await.unwrap();
        let after = keys.sign("JWT", &json!({ "n": 2 })).unwrap();

        let kid = |token: &str| jsonwebtoken::decode_header(token).unwrap().kid.unwrap();
        assert_ne!(kid(&before), kid(&after));
        assert_eq!(keys.jwks().keys.len(), 2);
        for (token, number) in [(before, 1), (after, 2)] {
            let claims: serde_json::Value = keys.claims_of_own("JWT", &token).unwrap();
            assert_eq!(claims, json!({ "n": number }));
            assert!(
                keys.claims_of_own::<serde_json::Value>("at+jwt", &token)
                    .is_none()
            );
        }
    }

    #[tokio::test]
    async fn a_key_leaves_when_its_last_token_has_expired() {
        let store = store();
        let keys = keys(&store, Duration::ZERO).await;
        keys.rotate().await.unwrap();
        tokio::time::sleep(Duration::from_millis(2)).await;
        assert_eq!(keys.jwks().keys.len(), 1);
    }

    #[tokio::test]
    async fn loading_again_finds_the_same_key() {
        let store = store();
        let first = keys(&store, Duration::ZERO).await.jwks();
        let second = keys(&store, Duration::ZERO).await.jwks();
        assert_eq!(first, second);
    }

    #[tokio::test]
    async fn a_published_key_has_no_private_part() {
        let store = store();
        let jwks = serde_json::to_value(keys(&store, Duration::ZERO).await.jwks()).unwrap();
        let key = jwks["keys"][0].as_object().unwrap();
        let mut members: Vec<&str> = key.keys().map(String::as_str).collect();
        members.sort_unstable();
        assert_eq!(members, ["alg", "crv", "kid", "kty", "use", "x", "y"]);
    }
}

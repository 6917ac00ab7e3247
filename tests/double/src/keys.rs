//! Signing keys, and tokens signed with them: right ones and any others.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};

/// A key for ES256 with its id.
pub(crate) struct Key {
    id: String,
    pair: EcdsaKeyPair,
}

impl Key {
    /// Makes a key.
    ///
    /// # Panics
    /// When the system has no randomness.
    pub(crate) fn new(id: &str) -> Self {
        match EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING) {
            Ok(pair) => Self {
                id: id.to_owned(),
                pair,
            },
            Err(error) => unreachable!("no key could be made: {error}"),
        }
    }

    pub(crate) fn jwk(&self) -> Value {
        let coordinates = &self.pair.public_key().as_ref()[1..];
        let (x, y) = coordinates.split_at(coordinates.len() / 2);
        json!({ "kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": self.id,
                "x": URL_SAFE_NO_PAD.encode(x), "y": URL_SAFE_NO_PAD.encode(y) })
    }

    pub(crate) fn header(&self) -> Map<String, Value> {
        let header = json!({ "alg": "ES256", "typ": "JWT", "kid": self.id });
        header.as_object().cloned().unwrap_or_default()
    }

    /// Signs whatever it is given.
    pub(crate) fn sign(&self, header: &Map<String, Value>, claims: &Map<String, Value>) -> String {
        let part = |part: &Map<String, Value>| {
            URL_SAFE_NO_PAD.encode(Value::Object(part.clone()).to_string())
        };
        let message = format!("{}.{}", part(header), part(claims));
        let signature = self
            .pair
            .sign(&SystemRandom::new(), message.as_bytes())
            .map(|signature| URL_SAFE_NO_PAD.encode(signature.as_ref()))
            .unwrap_or_default();
        format!("{message}.{signature}")
    }
}

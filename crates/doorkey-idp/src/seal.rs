//! Sealed values: what travels through a browser and comes back, without
//! being readable or changeable on the way, and without a row here.

use std::time::Duration;

use aws_lc_rs::aead::{AES_256_GCM, Aad, Nonce, RandomizedNonceKey};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{clock::now_millis, fault::Fault};

const NONCE_LENGTH: usize = 12;

/// Seals with AES-256-GCM under one key.
pub(crate) struct Seal {
    key: RandomizedNonceKey,
}

/// What a sealed value is for. One purpose's value never opens as another's.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Purpose {
    /// An authorization code.
    Code,
    /// An access token that only its issuer can read.
    AccessToken,
    /// A sign-in on its way through the broker's pages.
    Interaction,
    /// The same at the upstream.
    UpstreamInteraction,
    /// A question whether to sign out.
    SignOut,
}

/// Why a sealed value did not open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unsealed {
    /// Not ours, damaged, for another purpose or another browser.
    Forged,
    /// Ours, but too old.
    Expired,
}

#[derive(Serialize, Deserialize)]
struct Envelope<T> {
    #[serde(rename = "x")]
    expires_at: i64,
    #[serde(rename = "v")]
    value: T,
}

impl Seal {
    pub(crate) fn new(key: &[u8]) -> Result<Self, Fault> {
        let key = RandomizedNonceKey::new(&AES_256_GCM, key)
            .map_err(|_| Fault::Cryptography("take the sealing key"))?;
        Ok(Self { key })
    }

    /// Seals `value` for one purpose and one context (a browser, an issuer).
    pub(crate) fn seal<T: Serialize>(
        &self,
        purpose: Purpose,
        context: &str,
        lifetime: Duration,
        value: &T,
    ) -> Result<String, Fault> {
        let lifetime = i64::try_from(lifetime.as_millis()).unwrap_or(i64::MAX);
        let expires_at = now_millis().saturating_add(lifetime);
        let mut sealed = serde_json::to_vec(&Envelope { expires_at, value })?;
        let nonce = self
            .key
            .seal_in_place_append_tag(bound_to(purpose, context), &mut sealed)
            .map_err(|_| Fault::Cryptography("seal a value"))?;
        let mut bytes = nonce.as_ref().to_vec();
        bytes.extend_from_slice(&sealed);
        Ok(URL_SAFE_NO_PAD.encode(bytes))
    }

    /// Opens what [`Self::seal`] made for the same purpose and context.
    pub(crate) fn open<T: DeserializeOwned>(
        &self,
        purpose: Purpose,
        context: &str,
        sealed: &str,
    ) -> Result<T, Unsealed> {
        let mut bytes = URL_SAFE_NO_PAD
            .decode(sealed)
            .map_err(|_| Unsealed::Forged)?;
        let (nonce, rest) = bytes
            .split_at_mut_checked(NONCE_LENGTH)
            .ok_or(Unsealed::Forged)?;
        let nonce: [u8; NONCE_LENGTH] = (&*nonce).try_into().map_err(|_| Unsealed::Forged)?;
        let plain = self
            .key
            .open_in_place(Nonce::from(&nonce), bound_to(purpose, context), rest)
            .map_err(|_| Unsealed::Forged)?;
        let envelope: Envelope<T> = serde_json::from_slice(plain).map_err(|_| Unsealed::Forged)?;
        if envelope.expires_at <= now_millis() {
            return Err(Unsealed::Expired);
        }
        Ok(envelope.value)
    }
}

fn bound_to(purpose: Purpose, context: &str) -> Aad<String> {
    Aad::from(format!("{purpose:?}\0{context}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    fn seal() -> Seal {
        Seal::new(&[7; 32]).unwrap()
    }

    #[test]
    fn a_value_comes_back_whole() {
        let sealed = seal()
            .seal(Purpose::Code, "here", MINUTE, &"secret")
            .unwrap();
        assert!(!sealed.contains("secret"));
        assert_eq!(
            seal().open(Purpose::Code, "here", &sealed),
            Ok("secret".to_owned())
        );
    }

    #[test]
    fn another_purpose_context_or_key_does_not_open_it() {
        let sealed = seal().seal(Purpose::Code, "here", MINUTE, &1).unwrap();
        let refused = Err::<i32, _>(Unsealed::Forged);
        assert_eq!(seal().open(Purpose::Interaction, "here", &sealed), refused);
        assert_eq!(seal().open(Purpose::Code, "there", &sealed), refused);
        assert_eq!(
            Seal::new(&[8; 32])
                .unwrap()
                .open(Purpose::Code, "here", &sealed),
            refused
        );
    }

    #[test]
    fn every_changed_character_is_noticed() {
        let sealed = seal()
            .seal(Purpose::Code, "here", MINUTE, &"value")
            .unwrap();
        for index in 0..sealed.len() - 1 {
            let mut changed = sealed.clone().into_bytes();
            changed[index] = if changed[index] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).unwrap();
            assert_eq!(
                seal().open::<String>(Purpose::Code, "here", &changed),
                Err(Unsealed::Forged),
                "character {index}"
            );
        }
    }

    #[test]
    fn an_old_value_is_expired_and_not_forged() {
        let sealed = seal()
            .seal(Purpose::Code, "here", Duration::ZERO, &1)
            .unwrap();
        assert_eq!(
            seal().open::<i32>(Purpose::Code, "here", &sealed),
            Err(Unsealed::Expired)
        );
    }

    #[test]
    fn rubbish_is_forged() {
        for rubbish in ["", "A", "????", "AAAAAAAAAAAAAAAA", "ä"] {
            assert_eq!(
                seal().open::<i32>(Purpose::Code, "here", rubbish),
                Err(Unsealed::Forged)
            );
        }
    }
}

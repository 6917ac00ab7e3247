//! Authorization codes of the upstream, kept here in the usual way: one entry
//! each until it is redeemed or too old.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use crate::{clock::now_millis, fault::Fault, proof::Challenge, random};

/// How long a code waits, in milliseconds.
const LIFETIME: i64 = 60_000;

#[derive(Default)]
pub(super) struct Codes(Mutex<HashMap<String, Issued>>);

/// What a code stands for.
pub(super) struct Issued {
    pub(super) username: String,
    pub(super) challenge: Challenge,
    pub(super) nonce: Option<String>,
    /// Milliseconds.
    pub(super) authenticated_at: i64,
    expires_at: i64,
}

impl Codes {
    pub(super) fn issue(
        &self,
        username: String,
        challenge: Challenge,
        nonce: Option<String>,
        authenticated_at: i64,
    ) -> Result<String, Fault> {
        let code = random::secret()?;
        let now = now_millis();
        let expires_at = now + LIFETIME;
        let issued = Issued {
            username,
            challenge,
            nonce,
            authenticated_at,
            expires_at,
        };
        let mut codes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        codes.retain(|_, issued| issued.expires_at > now);
        codes.insert(code.clone(), issued);
        Ok(code)
    }

    /// Takes the code out: it is good once.
    pub(super) fn take(&self, code: &str) -> Option<Issued> {
        let mut codes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        codes
            .remove(code)
            .filter(|issued| issued.expires_at > now_millis())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_good_once() {
        let codes = Codes::default();
        let challenge = Challenge::S256("challenge".to_owned());
        let code = codes.issue("ada".to_owned(), challenge, None, 0).unwrap();
        assert!(codes.take("another").is_none());
        assert!(codes.take(&code).is_some());
        assert!(codes.take(&code).is_none());
    }
}

//! Proof key for code exchange: the server's side of [RFC 7636].
//!
//! [RFC 7636]: https://www.rfc-editor.org/rfc/rfc7636

use aws_lc_rs::constant_time::verify_slices_are_equal;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// What a code verifier must prove to belong to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Challenge {
    /// Its hash.
    S256(String),
    /// Itself, which proves nothing to whoever saw the request.
    Plain(String),
}

impl Challenge {
    /// Takes a challenge with S256, if it can be the hash of anything: 43 base64url characters that stand for
    /// exactly 32 bytes.
    pub(crate) fn s256(text: &str) -> Option<Self> {
        let is_hash = text.len() == 43
            && URL_SAFE_NO_PAD
                .decode(text)
                .is_ok_and(|bytes| bytes.len() == 32);
        is_hash.then(|| Self::S256(text.to_owned()))
    }

    /// Takes a challenge that is the verifier, if it can be one.
    pub(crate) fn plain(text: &str) -> Option<Self> {
        is_verifier(text).then(|| Self::Plain(text.to_owned()))
    }

    /// Whether `verifier` is well formed and belongs to this challenge.
    pub(crate) fn is_met_by(&self, verifier: &str) -> bool {
        let (expected, shown) = match self {
            Self::S256(hash) => (hash, challenge_of(verifier)),
            Self::Plain(itself) => (itself, verifier.to_owned()),
        };
        is_verifier(verifier)
            && verify_slices_are_equal(shown.as_bytes(), expected.as_bytes()).is_ok()
    }
}

/// The S256 challenge of a verifier.
pub(crate) fn challenge_of(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()))
}

/// 43 to 128 unreserved characters.
fn is_verifier(text: &str) -> bool {
    (43..=128).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    fn s256(challenge: &str, verifier: &str) -> bool {
        Challenge::s256(challenge).is_some_and(|challenge| challenge.is_met_by(verifier))
    }

    #[test]
    fn the_pair_of_rfc_7636_appendix_b_matches() {
        assert!(s256(CHALLENGE, VERIFIER));
        assert!(!s256(CHALLENGE, CHALLENGE));
    }

    #[test]
    fn a_plain_challenge_is_the_verifier_and_not_its_hash() {
        let plain = Challenge::plain(VERIFIER).unwrap();
        assert!(plain.is_met_by(VERIFIER));
        assert!(!plain.is_met_by(CHALLENGE));
        assert!(!Challenge::plain(CHALLENGE).unwrap().is_met_by(VERIFIER));
        assert_eq!(Challenge::plain("too-short"), None);
    }

    #[test]
    fn a_verifier_of_40_characters_is_refused_even_with_its_own_challenge() {
        let verifier = "u7sG93mSdLs9zP8dE3sFj38ZsTzE28kYxSgKsd83";
        assert_eq!(
            challenge_of(verifier),
            "ZoRigXsq1CUyKfirqwlR_cebS2bYO3Tb0LlCw6PDq2k"
        );
        assert!(!s256(&challenge_of(verifier), verifier));
    }

    #[test]
    fn verifiers_outside_the_alphabet_are_refused() {
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjX+";
        assert!(!s256(&challenge_of(verifier), verifier));
        let long = "a".repeat(129);
        assert!(!s256(&challenge_of(&long), &long));
    }

    #[test]
    fn a_challenge_must_stand_for_32_bytes() {
        assert!(Challenge::s256(CHALLENGE).is_some());
        assert!(Challenge::s256("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM=").is_none());
        assert!(Challenge::s256("dBjftJeZ4CVP").is_none());
    }
}

//! Proof key for code exchange: the server's side of [RFC 7636].
//!
//! [RFC 7636]: https://www.rfc-editor.org/rfc/rfc7636

use aws_lc_rs::constant_time::verify_slices_are_equal;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};

/// Whether `verifier` is well formed (43 to 128 unreserved characters) and
/// hashes to `challenge` with S256.
pub(crate) fn matches(verifier: &str, challenge: &str) -> bool {
    let well_formed = (43..=128).contains(&verifier.len())
        && verifier
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte));
    well_formed
        && verify_slices_are_equal(challenge_of(verifier).as_bytes(), challenge.as_bytes()).is_ok()
}

/// The S256 challenge of a verifier.
pub(crate) fn challenge_of(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()))
}

/// Whether a challenge can be the S256 of anything: 43 base64url characters
/// that stand for exactly 32 bytes.
pub(crate) fn is_challenge(challenge: &str) -> bool {
    challenge.len() == 43
        && URL_SAFE_NO_PAD
            .decode(challenge)
            .is_ok_and(|bytes| bytes.len() == 32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pair_of_rfc_7636_appendix_b_matches() {
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        assert!(matches(
            verifier,
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
        ));
    }

    #[test]
    fn a_verifier_of_40_characters_is_refused_even_with_its_own_challenge() {
        let verifier = "u7sG93mSdLs9zP8dE3sFj38ZsTzE28kYxSgKsd83";
        assert_eq!(
            challenge_of(verifier),
            "ZoRigXsq1CUyKfirqwlR_cebS2bYO3Tb0LlCw6PDq2k"
        );
        assert!(!matches(verifier, &challenge_of(verifier)));
    }

    #[test]
    fn verifiers_outside_the_alphabet_are_refused() {
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjX+";
        assert!(!matches(verifier, &challenge_of(verifier)));
        let long = "a".repeat(129);
        assert!(!matches(&long, &challenge_of(&long)));
    }

    #[test]
    fn a_challenge_must_stand_for_32_bytes() {
        assert!(is_challenge("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"));
        assert!(!is_challenge(
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM="
        ));
        assert!(!is_challenge("dBjftJeZ4CVP"));
    }
}

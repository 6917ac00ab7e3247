//! One published key: what it may verify, and whether it may be used at all.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::DecodingKey;
use jsonwebtoken::crypto::aws_lc;
use serde_json::{Map, Value};

use super::algorithm::{Algorithm, KeyKind};

/// The sizes of RSA keys that may be used: below is weak, above only costs time.
const RSA_BITS: std::ops::RangeInclusive<usize> = 2048..=8192;
/// The largest public exponent in use is 65537; some devices have longer ones.
const LONGEST_EXPONENT: usize = 8;

/// A public key that may verify signatures ([RFC 7517 §4](https://www.rfc-editor.org/rfc/rfc7517#section-4)).
#[derive(Clone, Debug)]
pub(super) struct Jwk {
    id: Option<String>,
    kind: KeyKind,
    /// The only algorithm it may be used with, if it says so.
    algorithm: Option<Algorithm>,
    key: DecodingKey,
}

impl Jwk {
    /// The key, unless it is of no use here: of an unknown kind, symmetric, private, meant for
    /// something other than signatures, weak, or incomplete. Key sets may hold such keys.
    pub(super) fn parse(value: &Value) -> Option<Self> {
        let members = value.as_object()?;
        let is_private = ["d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"]
            .iter()
            .any(|name| members.contains_key(*name));
        if is_private || !is_for_signatures(members) {
            return None;
        }
        let id = match members.get("kid") {
            None => None,
            Some(id) => Some(id.as_str()?.to_owned()),
        };
        let algorithm = match members.get("alg") {
            None => None,
            Some(name) => Some(Algorithm::parse(name.as_str()?)?),
        };
        let (kind, key) = material(members)?;
        if algorithm.is_some_and(|algorithm| algorithm.key_kind() != kind) {
            return None;
        }
        Some(Self {
            id,
            kind,
            algorithm,
            key,
        })
    }

    /// Whether a token of this algorithm and key id may be signed with this key.
    pub(super) fn fits(&self, algorithm: Algorithm, id: Option<&str>) -> bool {
        self.kind == algorithm.key_kind()
            && self.algorithm.is_none_or(|only| only == algorithm)
            && id.is_none_or(|id| self.id.as_deref() == Some(id))
    }

    /// Whether the signature over the message was made with this key.
    pub(super) fn verifies(&self, algorithm: Algorithm, message: &[u8], signature: &[u8]) -> bool {
        // The library's own `verify` picks a backend at run time and panics when another crate of the
        // program has switched on a second one; naming the backend does not.
        let factory = aws_lc::DEFAULT_PROVIDER.verifier_factory;
        factory(&algorithm.for_signatures(), &self.key)
            .is_ok_and(|verifier| verifier.verify(message, &signature.to_vec()).is_ok())
    }
}

fn is_for_signatures(members: &Map<String, Value>) -> bool {
    let by_use = members.get("use").is_none_or(|usage| usage == "sig");
    let by_operations = match members.get("key_ops") {
        None => true,
        Some(operations) => operations
            .as_array()
            .is_some_and(|operations| operations.iter().any(|one| one == "verify")),
    };
    by_use && by_operations
}

fn material(members: &Map<String, Value>) -> Option<(KeyKind, DecodingKey)> {
    let bytes = |name: &str| URL_SAFE_NO_PAD.decode(members.get(name)?.as_str()?).ok();
    let exactly = |name: &str, length: usize| bytes(name).filter(|bytes| bytes.len() == length);
    let curve = || members.get("crv")?.as_str();
    match members.get("kty")?.as_str()? {
        "RSA" => {
            let (modulus, exponent) = (unsigned(bytes("n")?), unsigned(bytes("e")?));
            let sound = RSA_BITS.contains(&bit_length(&modulus)) && is_sound_exponent(&exponent);
            sound.then(|| {
                (
                    KeyKind::Rsa,
                    DecodingKey::from_rsa_raw_components(&modulus, &exponent),
                )
            })
        }
        "EC" => {
            let (kind, length) = match curve()? {
                "P-256" => (KeyKind::P256, 32),
                "P-384" => (KeyKind::P384, 48),
                _ => return None,
            };
            // SEC 1 §2.3.3: an uncompressed point.
            let point = [vec![4], exactly("x", length)?, exactly("y", length)?].concat();
            Some((kind, DecodingKey::from_ec_der(&point)))
        }
        "OKP" if curve()? == "Ed25519" => Some((
            KeyKind::Ed25519,
            DecodingKey::from_ed_der(&exactly("x", 32)?),
        )),
        _ => None,
    }
}

/// Without the leading zeros that some servers write.
fn unsigned(mut number: Vec<u8>) -> Vec<u8> {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    number.drain(..zeros);
    number
}

fn bit_length(number: &[u8]) -> usize {
    number
        .first()
        .map_or(0, |first| number.len() * 8 - first.leading_zeros() as usize)
}

/// With an exponent of 1 anybody could sign; an even one is none.
fn is_sound_exponent(exponent: &[u8]) -> bool {
    let is_odd = exponent.last().is_some_and(|last| last & 1 == 1);
    is_odd && exponent != [1] && exponent.len() <= LONGEST_EXPONENT
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::identity::tests::signer::{Signer, WEAK_JWK, WEAK_MESSAGE, WEAK_SIGNATURE};

    fn with(mut jwk: Value, name: &str, value: Value) -> Value {
        jwk[name] = value;
        jwk
    }

    fn without(mut jwk: Value, name: &str) -> Value {
        jwk.as_object_mut().unwrap().remove(name);
        jwk
    }

    #[test]
    fn each_kind_verifies_what_it_signed_and_nothing_else() {
        let algorithms = [
            "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA",
        ];
        for name in algorithms {
            let algorithm = Algorithm::parse(name).unwrap();
            let signer = Signer::shared(algorithm);
            let key = Jwk::parse(&signer.jwk()).unwrap();
            let signature = signer.sign(algorithm, b"message");
            assert!(key.verifies(algorithm, b"message", &signature), "{name}");
            assert!(!key.verifies(algorithm, b"massage", &signature), "{name}");
            assert!(!key.verifies(algorithm, b"message", &[]), "{name}");
            let mut damaged = signature.clone();
            damaged[10] ^= 1;
            assert!(!key.verifies(algorithm, b"message", &damaged), "{name}");
            for other in algorithms.map(|other| Algorithm::parse(other).unwrap()) {
                assert_eq!(
                    key.verifies(other, b"message", &signature),
                    other == algorithm,
                    "{name} as {other:?}"
                );
            }
        }
    }

    #[test]
    fn b26_a_weak_rsa_key_is_of_no_use_although_its_signature_is_right() {
        use aws_lc_rs::signature::{
            RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY as LEGACY, RsaPublicKeyComponents,
        };
        let jwk: Value = serde_json::from_str(WEAK_JWK).unwrap();
        let bytes = |name: &str| URL_SAFE_NO_PAD.decode(jwk[name].as_str().unwrap()).unwrap();
        let signature = URL_SAFE_NO_PAD.decode(WEAK_SIGNATURE).unwrap();
        let key = RsaPublicKeyComponents {
            n: bytes("n"),
            e: bytes("e"),
        };
        assert!(
            key.verify(&LEGACY, WEAK_MESSAGE.as_bytes(), &signature)
                .is_ok()
        );
        assert!(Jwk::parse(&jwk).is_none());
    }

    #[test]
    fn b26_rsa_keys_are_2048_to_8192_bits_with_a_sound_exponent() {
        let modulus = |bits: usize| {
            let mut bytes = vec![0xFF; bits.div_ceil(8)];
            bytes[0] >>= bits.div_ceil(8) * 8 - bits;
            json!({ "kty": "RSA", "e": "AQAB", "n": URL_SAFE_NO_PAD.encode(bytes) })
        };
        for (bits, usable) in [
            (512, false),
            (1024, false),
            (2047, false),
            (2048, true),
            (4096, true),
            (8192, true),
            (8193, false),
        ] {
            assert_eq!(Jwk::parse(&modulus(bits)).is_some(), usable, "{bits}");
        }
        // 2040 bits, padded to the length of 2048.
        let padded = URL_SAFE_NO_PAD.encode([vec![0], vec![0xFF; 255]].concat());
        assert!(Jwk::parse(&json!({ "kty": "RSA", "e": "AQAB", "n": padded })).is_none());
        for exponent in [
            vec![],
            vec![0],
            vec![1],
            vec![0, 1],
            vec![2],
            vec![1, 0],
            vec![0xFF; 9],
        ] {
            let jwk = with(modulus(2048), "e", json!(URL_SAFE_NO_PAD.encode(&exponent)));
            assert!(Jwk::parse(&jwk).is_none(), "{exponent:?}");
        }
    }

    #[test]
    fn b26_keys_that_are_not_for_verifying_signatures_are_of_no_use() {
        let good = Signer::shared(Algorithm::Rs256).jwk();
        assert!(Jwk::parse(&good).is_some());
        for (name, value) in [
            ("use", json!("enc")),
            ("use", json!(1)),
            ("key_ops", json!(["encrypt"])),
            ("key_ops", json!("verify")),
            ("key_ops", json!([])),
            ("alg", json!("HS256")),
            ("alg", json!("RSA-OAEP")),
            ("alg", json!("ES256")),
            ("alg", json!(null)),
            ("kid", json!(7)),
            ("kty", json!("EC")),
            ("kty", json!("oct")),
            ("kty", json!("AKP")),
            ("n", json!("!")),
            ("n", json!(null)),
            ("d", json!("AQAB")),
            ("k", json!("c2VjcmV0")),
        ] {
            assert!(
                Jwk::parse(&with(good.clone(), name, value.clone())).is_none(),
                "{name}: {value}"
            );
        }
        for name in ["n", "e", "kty"] {
            assert!(
                Jwk::parse(&without(good.clone(), name)).is_none(),
                "without {name}"
            );
        }
        assert!(Jwk::parse(&json!({ "kty": "oct", "k": "c2VjcmV0", "use": "sig" })).is_none());
        assert!(Jwk::parse(&json!({ "kty": "oct", "use": "sig" })).is_none());
        for junk in [
            json!(null),
            json!([]),
            json!("RSA"),
            json!({}),
            json!({ "kty": "OKP", "crv": "X25519", "x": "AAAA" }),
        ] {
            assert!(Jwk::parse(&junk).is_none(), "{junk}");
        }
        for (name, value) in [
            ("use", json!("sig")),
            ("key_ops", json!(["verify"])),
            ("alg", json!("RS512")),
            ("x5c", json!(["junk"])),
        ] {
            assert!(
                Jwk::parse(&with(good.clone(), name, value.clone())).is_some(),
                "{name}: {value}"
            );
        }
    }

    #[test]
    fn coordinates_have_exactly_the_length_of_the_curve() {
        let good = Signer::shared(Algorithm::Es256).jwk();
        for wrong in [vec![], vec![1; 31], vec![1; 33], vec![1; 48]] {
            assert!(
                Jwk::parse(&with(
                    good.clone(),
                    "x",
                    json!(URL_SAFE_NO_PAD.encode(wrong))
                ))
                .is_none()
            );
        }
        let ed = Signer::shared(Algorithm::EdDsa).jwk();
        assert!(Jwk::parse(&with(ed, "x", json!(URL_SAFE_NO_PAD.encode([1; 57])))).is_none());
    }

    #[test]
    fn a_point_beside_the_curve_verifies_nothing() {
        let signer = Signer::shared(Algorithm::Es256);
        let off = with(signer.jwk(), "y", json!(URL_SAFE_NO_PAD.encode([1; 32])));
        let signature = signer.sign(Algorithm::Es256, b"message");
        assert!(Jwk::parse(&off).is_none_or(|key| !key.verifies(
            Algorithm::Es256,
            b"message",
            &signature
        )));
    }

    #[test]
    fn c34_a_key_fits_its_kind_its_algorithm_and_its_id() {
        let rsa = Jwk::parse(&Signer::shared(Algorithm::Rs256).jwk_with_id("a")).unwrap();
        assert!(rsa.fits(Algorithm::Rs256, Some("a")) && rsa.fits(Algorithm::Ps512, None));
        assert!(!rsa.fits(Algorithm::Rs256, Some("b")) && !rsa.fits(Algorithm::Es256, Some("a")));
        let only = Jwk::parse(&with(
            Signer::shared(Algorithm::Rs256).jwk(),
            "alg",
            json!("PS256"),
        ))
        .unwrap();
        assert!(only.fits(Algorithm::Ps256, None) && !only.fits(Algorithm::Rs256, None));
        assert!(
            !only.fits(Algorithm::Ps256, Some("a")),
            "a key without an id is not the one that was named"
        );
        assert!(
            !Jwk::parse(&Signer::shared(Algorithm::Es384).jwk())
                .unwrap()
                .fits(Algorithm::Es256, None)
        );
    }
}

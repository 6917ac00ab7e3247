//! Keys of a provider that exists in tests only, and tokens signed with them.

use std::sync::OnceLock;

use aws_lc_rs::encoding::AsDer as _;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair,
    KeyPair as _, RSA_PKCS1_SHA256, RSA_PKCS1_SHA384, RSA_PKCS1_SHA512, RSA_PSS_SHA256,
    RSA_PSS_SHA384, RSA_PSS_SHA512, RsaEncoding, RsaKeyPair,
};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::identity::algorithm::{Algorithm, KeyKind};
use crate::token::IdToken;

/// A key of 1024 bits, and what it signed with RS256. Made with OpenSSL; the private key is gone.
pub(in crate::identity) const WEAK_JWK: &str = r#"{"kty":"RSA","e":"AQAB","n":"rpHBGVfIwaFAv0oGN-LWSCFeRxb4qiFcHxNcijuMkBVPppg5dwmieENq6_6Gq13Q9qTGVO4hg_tPhE8vfDeTOjHYLyN9OxwIh5lSTH1qmH3hQBhURyda-FHsUt8NrVbzi9yw_2eEZAIAd2geeVC3RTkYvgMdSQZzUYWGoyg3i8E"}"#;
pub(in crate::identity) const WEAK_MESSAGE: &str = "doorkey: a right signature of a weak key";
pub(in crate::identity) const WEAK_SIGNATURE: &str = "A91e2mhOeik9DGiMEvgTmFAwnCsvIiELF2BCYZ94lICrRKykAPUlfL5Amv8OzOqYeluLhapqkuCFN98YQfV44fGeQyoLjPG0fFVrslrzWGprfkSWBXRMtO0aUCd10tpKinguFdlT6SvMd-1CaBYz5i8IGVR-UQQeoyn-4dF6KUQ";

/// A key pair.
pub(in crate::identity) enum Signer {
    Rsa(RsaKeyPair),
    P256(EcdsaKeyPair),
    P384(EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
}

impl Signer {
    /// The one key pair for this algorithm that all tests share, since making RSA keys takes time.
    pub(in crate::identity) fn shared(algorithm: Algorithm) -> &'static Self {
        static RSA: OnceLock<Signer> = OnceLock::new();
        static P256: OnceLock<Signer> = OnceLock::new();
        static P384: OnceLock<Signer> = OnceLock::new();
        static ED25519: OnceLock<Signer> = OnceLock::new();
        let cell = match algorithm.key_kind() {
            KeyKind::Rsa => &RSA,
            KeyKind::P256 => &P256,
            KeyKind::P384 => &P384,
            KeyKind::Ed25519 => &ED25519,
        };
        cell.get_or_init(|| Self::generate(algorithm))
    }

    /// A fresh key pair for this algorithm.
    pub(in crate::identity) fn generate(algorithm: Algorithm) -> Self {
        match algorithm.key_kind() {
            KeyKind::Rsa => Self::Rsa(RsaKeyPair::generate(KeySize::Rsa2048).unwrap()),
            KeyKind::P256 => {
                Self::P256(EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap())
            }
            KeyKind::P384 => {
                Self::P384(EcdsaKeyPair::generate(&ECDSA_P384_SHA384_FIXED_SIGNING).unwrap())
            }
            KeyKind::Ed25519 => Self::Ed25519(Ed25519KeyPair::generate().unwrap()),
        }
    }

    pub(in crate::identity) fn jwk(&self) -> Value {
        let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let point = |curve: &str, key: &EcdsaKeyPair| {
            let coordinates = &key.public_key().as_ref()[1..];
            let (x, y) = coordinates.split_at(coordinates.len() / 2);
            json!({ "kty": "EC", "crv": curve, "x": text(x), "y": text(y) })
        };
        match self {
            Self::Rsa(key) => {
                let modulus = key
                    .public_key()
                    .modulus()
                    .big_endian_without_leading_zero()
                    .to_vec();
                let exponent = key
                    .public_key()
                    .exponent()
                    .big_endian_without_leading_zero()
                    .to_vec();
                json!({ "kty": "RSA", "n": text(&modulus), "e": text(&exponent) })
            }
            Self::P256(key) => point("P-256", key),
            Self::P384(key) => point("P-384", key),
            Self::Ed25519(key) => {
                json!({ "kty": "OKP", "crv": "Ed25519", "x": text(key.public_key().as_ref()) })
            }
        }
    }

    pub(in crate::identity) fn jwk_with_id(&self, id: &str) -> Value {
        let mut jwk = self.jwk();
        jwk["kid"] = json!(id);
        jwk
    }

    /// The public key as SubjectPublicKeyInfo in DER. RSA only.
    pub(in crate::identity) fn public_der(&self) -> Vec<u8> {
        let Self::Rsa(key) = self else {
            panic!("not an RSA key")
        };
        key.public_key().as_der().unwrap().as_ref().to_vec()
    }

    pub(in crate::identity) fn sign(&self, algorithm: Algorithm, message: &[u8]) -> Vec<u8> {
        let random = SystemRandom::new();
        match self {
            Self::Rsa(key) => {
                let mut signature = vec![0; key.public_modulus_len()];
                key.sign(encoding(algorithm), &random, message, &mut signature)
                    .unwrap();
                signature
            }
            Self::P256(key) | Self::P384(key) => {
                key.sign(&random, message).unwrap().as_ref().to_vec()
            }
            Self::Ed25519(key) => key.sign(message).as_ref().to_vec(),
        }
    }

    /// A token with this header, signed with the algorithm, whatever the header says.
    pub(in crate::identity) fn token(
        &self,
        algorithm: Algorithm,
        header: &Value,
        claims: &Value,
    ) -> IdToken {
        let signed = unsigned(header, claims);
        let signature = self.sign(algorithm, signed.as_bytes());
        IdToken::new(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }
}

/// Header and payload, as they are signed.
pub(in crate::identity) fn unsigned(header: &Value, claims: &Value) -> String {
    format!(
        "{}.{}",
        URL_SAFE_NO_PAD.encode(header.to_string()),
        URL_SAFE_NO_PAD.encode(claims.to_string())
    )
}

fn encoding(algorithm: Algorithm) -> &'static dyn RsaEncoding {
    match algorithm {
        Algorithm::Rs256 => &RSA_PKCS1_SHA256,
        Algorithm::Rs384 => &RSA_PKCS1_SHA384,
        Algorithm::Rs512 => &RSA_PKCS1_SHA512,
        Algorithm::Ps256 => &RSA_PSS_SHA256,
        Algorithm::Ps384 => &RSA_PSS_SHA384,
        Algorithm::Ps512 => &RSA_PSS_SHA512,
        Algorithm::Es256 | Algorithm::Es384 | Algorithm::EdDsa => panic!("not an RSA algorithm"),
    }
}

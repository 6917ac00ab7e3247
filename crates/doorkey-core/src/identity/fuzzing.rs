//! Laws of ID tokens and key sets.

mod told;
mod userinfo;

use std::sync::{Arc, LazyLock};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::EncodingKey;
use serde_json::{Map, Value, json};

use super::account::Account;
use super::algorithm::Algorithm;
use super::claims::{self, Expected, Occasion};
use super::jwk::Jwk;
use super::jws::{self, Jws, Parts};
use super::{json as strict, keys};
use crate::clock::from_unix_seconds;
use crate::error::Result;
use crate::fuzzing::{Verdict, assert_inert, assert_tellable};
use crate::profile::secure_url;
use crate::token::AccessToken;
pub(crate) use told::token_facts;
pub(crate) use userinfo::userinfo;

const NOW: u64 = 1_800_000_000;
/// How far clocks may be apart.
const SKEW: f64 = 300.0;
const ISSUER: &str = "https://login.example.com";
const CLIENT: &str = "desktop";
const NONCE: &str = "n-0S6_WzA2Mj";
const ACCESS_TOKEN: &str = "canary-access-token";
const ALGORITHMS: [Algorithm; 9] = [
    Algorithm::Rs256,
    Algorithm::Rs384,
    Algorithm::Rs512,
    Algorithm::Ps256,
    Algorithm::Ps384,
    Algorithm::Ps512,
    Algorithm::Es256,
    Algorithm::Es384,
    Algorithm::EdDsa,
];
/// How long what is told of a person may be, in characters; a picture's address may be longer.
const LONGEST_NAME: usize = 256;

/// The example key of [RFC 8037 §A.1](https://www.rfc-editor.org/rfc/rfc8037#appendix-A.1), private part first.
const PRIVATE_KEY: &str = "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A";
const PUBLIC_KEY: &str = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
/// What stands before a private key of Ed25519 in PKCS #8 ([RFC 8410 §10.3](https://www.rfc-editor.org/rfc/rfc8410#section-10.3)).
const PKCS8: [u8; 16] = [
    0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
];

/// An ID token as it comes; or header and payload in plain text, one line and the rest, which are signed with a key that the
/// provider publishes: only so does anything get past the signature.
pub(crate) fn id_token(bytes: &[u8]) -> Verdict {
    let split = bytes.iter().position(|byte| *byte == b'\n');
    match split.map(|end| (&bytes[..end], &bytes[end + 1..])) {
        Some((header, payload)) => signed(header, payload),
        None => as_it_comes(&String::from_utf8_lossy(bytes)),
    }
}

/// The answer at a provider's `jwks_uri`.
pub(crate) fn key_set(bytes: &[u8]) -> Verdict {
    match keys::parse(bytes) {
        Ok(keys) => {
            assert!(!keys.is_empty());
            for key in keys.iter() {
                assert!(
                    ALGORITHMS
                        .iter()
                        .any(|algorithm| key.fits(*algorithm, None))
                );
                let nothing = ALGORITHMS
                    .iter()
                    .any(|algorithm| key.verifies(*algorithm, b"", b""));
                assert!(!nothing, "nothing is no signature");
            }
            let document = strict::object(bytes).expect("an object");
            let again = keys::parse(Value::Object(document).to_string().as_bytes());
            assert_eq!(again.expect("the same keys").len(), keys.len());
            Verdict::Accepted
        }
        Err(error) => {
            assert_tellable(&error);
            Verdict::Refused
        }
    }
}

fn as_it_comes(token: &str) -> Verdict {
    match Jws::parse(token) {
        Ok(parsed) => {
            // One spelling each: nobody can change a byte and keep the token.
            let parts = Parts::of(token).expect("three parts");
            for part in [parts.header, parts.payload, parts.signature] {
                let decoded = jws::decode(part, "part").expect("base64url");
                assert_eq!(URL_SAFE_NO_PAD.encode(decoded), part);
            }
            judge(&parsed)
        }
        Err(error) => refused(&error, token),
    }
}

fn signed(header: &[u8], payload: &[u8]) -> Verdict {
    let signed = format!(
        "{}.{}",
        URL_SAFE_NO_PAD.encode(header),
        URL_SAFE_NO_PAD.encode(payload)
    );
    let signature =
        jsonwebtoken::crypto::sign(signed.as_bytes(), &PRIVATE, jsonwebtoken::Algorithm::EdDSA);
    let token = format!("{signed}.{}", signature.expect("a signature"));
    let jws = match Jws::parse(&token) {
        Ok(jws) => jws,
        Err(error) => return refused(&error, &token),
    };
    let verdict = judge(&jws);
    if verdict == Verdict::Accepted {
        let changed = Jws {
            signature: turned(&jws.signature),
            ..Jws::parse(&token).expect("the same")
        };
        assert_eq!(judge(&changed), Verdict::Refused, "another signature");
        let longer = format!("{}A", jws.signed);
        let changed = Jws {
            signed: &longer,
            ..Jws::parse(&token).expect("the same")
        };
        assert_eq!(judge(&changed), Verdict::Refused, "other contents");
    }
    verdict
}

/// Judges a token as the end of a sign-in does, with keys that are there already.
fn judge(jws: &Jws<'_>) -> Verdict {
    let access_token = AccessToken::new(ACCESS_TOKEN);
    match believed(jws, &access_token) {
        Ok(()) => {
            assert_believable(jws);
            assert_account(&Account::from_claims(&jws.claims, Some(&access_token)));
            Verdict::Accepted
        }
        Err(error) => refused(&error, ""),
    }
}

fn believed(jws: &Jws<'_>, access_token: &AccessToken) -> Result<()> {
    let checked = claims::check(&jws.claims, jws.algorithm, &expected(access_token))?;
    assert_inert(&checked.subject, 255);
    assert!(!checked.subject.is_empty());
    match keys::judge(&KEYS, jws) {
        keys::Verdict::Genuine => Ok(()),
        verdict => Err(verdict.refusal()),
    }
}

/// What the end of a sign-in expects.
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

/// The rules of OpenID Connect Core §3.1.3.7, read off the claims once more, in other words.
fn assert_believable(jws: &Jws<'_>) {
    let claims: &Map<String, Value> = &jws.claims;
    let number = |name: &str| claims.get(name).and_then(Value::as_f64);
    assert_eq!(
        jws.algorithm,
        Algorithm::EdDsa,
        "the one key that is published"
    );
    assert_eq!(claims["iss"], json!(ISSUER));
    assert_eq!(claims["nonce"], json!(NONCE));
    assert!(match &claims["aud"] {
        Value::Array(audiences) => audiences.contains(&json!(CLIENT)),
        audience => *audience == json!(CLIENT),
    });
    assert!(
        claims
            .get("azp")
            .is_none_or(|party| *party == json!(CLIENT))
    );
    let now = NOW as f64;
    assert!(number("exp").expect("an end") > now - SKEW - 1.0);
    assert!(number("iat").expect("a beginning") < now + SKEW + 1.0);
    assert!(number("nbf").is_none_or(|from| from < now + SKEW + 1.0));
}

fn assert_account(account: &Account) {
    let told = [
        account.subject(),
        account.name(),
        account.username(),
        account.email(),
    ];
    for text in told.into_iter().flatten() {
        assert_inert(text, LONGEST_NAME);
        assert!(!text.is_empty() && !text.contains(ACCESS_TOKEN));
    }
    assert_inert(account.display_name(), LONGEST_NAME);
    assert!(!account.initials().is_empty());
    assert!(
        account
            .picture()
            .is_none_or(|picture| secure_url(picture.as_str()).is_ok()
                && !picture.as_str().contains(ACCESS_TOKEN))
    );
}

/// The refusal quotes nothing of the token that could be put together again.
fn refused(error: &crate::error::Error, token: &str) -> Verdict {
    assert_tellable(error);
    // Words of ours may stand in what claims to be a token, with spaces between them.
    let is_encoded = |part: &&str| part.len() > 40 && !part.contains(char::is_whitespace);
    for part in token.split('.').filter(is_encoded) {
        assert!(!error.message().contains(part) && !error.hint().contains(part));
    }
    Verdict::Refused
}

fn turned(signature: &[u8]) -> Vec<u8> {
    let mut turned = signature.to_vec();
    turned[0] ^= 1;
    turned
}

static PRIVATE: LazyLock<EncodingKey> = LazyLock::new(|| {
    let key = URL_SAFE_NO_PAD.decode(PRIVATE_KEY).expect("a key");
    EncodingKey::from_ed_der(&[&PKCS8[..], &key].concat())
});

static KEYS: LazyLock<Arc<[Jwk]>> = LazyLock::new(|| {
    let key = json!({ "kty": "OKP", "crv": "Ed25519", "x": PUBLIC_KEY, "kid": "ed" });
    keys::parse(json!({ "keys": [key] }).to_string().as_bytes()).expect("keys")
});

//! A signed token taken apart, before anything of it is believed.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

use super::algorithm::Algorithm;
use super::claims::{fault, invalid};
use super::json::{self, NotAnObject};
use crate::error::{Error, Result};

/// How long an ID token may be. Real ones stay below 10 KiB.
const LONGEST: usize = 64 * 1024;

/// A compact JWS ([RFC 7515 §7.1](https://www.rfc-editor.org/rfc/rfc7515#section-7.1)) whose payload is a claims set.
pub(super) struct Jws<'a> {
    /// Header and payload as they were signed.
    pub(super) signed: &'a str,
    pub(super) signature: Vec<u8>,
    pub(super) algorithm: Algorithm,
    /// The algorithm as the token spells it.
    pub(super) algorithm_name: String,
    /// Which of the provider's keys it claims to be signed with.
    pub(super) key_id: Option<String>,
    pub(super) claims: Map<String, Value>,
}

impl<'a> Jws<'a> {
    /// Takes a token apart.
    ///
    /// # Errors
    /// [`Code::IdTokenInvalid`](crate::Code::IdTokenInvalid), which never quotes the token.
    pub(super) fn parse(token: &'a str) -> Result<Self> {
        let parts = Parts::of(token)?;
        let header = Header::parse(parts.header)?;
        let signature = decode(parts.signature, "signature")?;
        let claims = object(parts.payload, "payload")?;
        Ok(Self {
            signed: parts.signed,
            signature,
            algorithm: header.algorithm,
            algorithm_name: header.algorithm_name,
            key_id: header.key_id,
            claims,
        })
    }
}

/// The three parts of a compact JWS, each still encoded.
pub(super) struct Parts<'a> {
    /// Header and payload as they were signed.
    signed: &'a str,
    pub(super) header: &'a str,
    pub(super) payload: &'a str,
    pub(super) signature: &'a str,
}

impl<'a> Parts<'a> {
    pub(super) fn of(token: &'a str) -> Result<Self> {
        if token.len() > LONGEST {
            return Err(invalid(format!("is longer than {LONGEST} bytes")));
        }
        let Some((signed, signature)) = token.rsplit_once('.') else {
            return Err(not_three_parts(token));
        };
        let Some((header, payload)) = signed.split_once('.') else {
            return Err(not_three_parts(token));
        };
        if payload.contains('.') {
            return Err(not_three_parts(token));
        }
        Ok(Self {
            signed,
            header,
            payload,
            signature,
        })
    }
}

fn not_three_parts(token: &str) -> Error {
    if token.split('.').count() == 5 {
        return invalid("is encrypted, and Doorkey has given the provider no key for that")
            .with_hint("Ask the provider's administrator to switch ID token encryption off for this client.");
    }
    invalid("does not have the three parts of a signed token")
}

/// What counts of a header. Keys, and addresses of keys, that a token brings along do not.
struct Header {
    algorithm: Algorithm,
    algorithm_name: String,
    key_id: Option<String>,
}

impl Header {
    fn parse(part: &str) -> Result<Self> {
        let members = object(part, "header")?;
        let name = match members.get("alg") {
            Some(Value::String(name)) => name,
            Some(_) => return Err(fault("alg", "is not a string")),
            None => return Err(fault("alg", "is missing")),
        };
        let Some(algorithm) = Algorithm::parse(name) else {
            return Err(unsupported(name));
        };
        if members.contains_key("crit") {
            return Err(fault(
                "crit",
                "asks for an extension that Doorkey does not have",
            ));
        }
        let key_id = match members.get("kid") {
            None => None,
            Some(Value::String(id)) => Some(id.clone()),
            Some(_) => return Err(fault("kid", "is not a string")),
        };
        match members.get("typ") {
            None => {}
            Some(Value::String(kind)) if !is_type_of_its_own(kind) => {}
            Some(_) => return Err(fault("typ", "says that it is a token of another kind")),
        }
        Ok(Self {
            algorithm,
            algorithm_name: name.clone(),
            key_id,
        })
    }
}

fn unsupported(name: &str) -> Error {
    let (what, hint) = match name {
        _ if name.eq_ignore_ascii_case("none") => (
            "says that the token is not signed",
            "Ask the provider's administrator to have ID tokens signed, for example with RS256.",
        ),
        "HS256" | "HS384" | "HS512" => (
            "names a signature made with a shared secret, which a desktop program cannot keep",
            "Ask the provider's administrator to sign ID tokens for this client with RS256 or ES256.",
        ),
        _ => (
            "names an algorithm that Doorkey does not accept",
            "Ask the provider's administrator to sign ID tokens for this client with RS256 or ES256.",
        ),
    };
    fault("alg", what).with_hint(hint)
}

/// Types such as `at+jwt` and `logout+jwt` exist so that one kind of token is not taken for another
/// ([RFC 8725 §3.11](https://www.rfc-editor.org/rfc/rfc8725#section-3.11)); an ID token has none of them.
fn is_type_of_its_own(kind: &str) -> bool {
    kind.to_ascii_lowercase().ends_with("+jwt")
}

pub(super) fn object(part: &str, name: &str) -> Result<Map<String, Value>> {
    json::object(&decode(part, name)?).map_err(|why| {
        let what = match why {
            NotAnObject::Malformed => format!("has a {name} that {why}"),
            NotAnObject::RepeatedMember => {
                format!("has a {name} that {why}, so that it could be read in two ways")
            }
        };
        invalid(what)
    })
}

/// Base64url in its one canonical spelling: no padding, no white space, no stray bits at the end.
pub(super) fn decode(part: &str, name: &str) -> Result<Vec<u8>> {
    match URL_SAFE_NO_PAD.decode(part) {
        Ok(bytes) if !bytes.is_empty() => Ok(bytes),
        Ok(_) => Err(invalid(format!("has no {name}"))),
        Err(_) => Err(invalid(format!("has a {name} that is not base64url"))),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::error::Code;

    const HEADER: &str = r#"{"alg":"RS256","kid":"one"}"#;

    fn token(header: &str, payload: &str) -> String {
        format!(
            "{}.{}.c2ln",
            URL_SAFE_NO_PAD.encode(header),
            URL_SAFE_NO_PAD.encode(payload)
        )
    }

    fn refusal(token: &str) -> String {
        let Err(error) = Jws::parse(token) else {
            panic!("accepted")
        };
        assert_eq!(error.code(), Code::IdTokenInvalid);
        error.message()
    }

    #[test]
    fn a_token_is_taken_apart() {
        let text = token(HEADER, r#"{"sub":"ada"}"#);
        let jws = Jws::parse(&text).unwrap();
        assert_eq!(
            (
                jws.algorithm,
                jws.algorithm_name.as_str(),
                jws.key_id.as_deref()
            ),
            (Algorithm::Rs256, "RS256", Some("one"))
        );
        assert_eq!(jws.signature, b"sig");
        assert_eq!(format!("{}.c2ln", jws.signed), text);
        assert_eq!(jws.claims["sub"], json!("ada"));
    }

    #[test]
    fn c30_alg_none_is_rejected() {
        for name in ["none", "None", "NONE", "nOnE"] {
            let unsigned = token(&json!({ "alg": name }).to_string(), "{}");
            assert!(refusal(&unsigned).contains("not signed"), "{name}");
            assert!(
                refusal(unsigned.strip_suffix("c2ln").unwrap()).contains("not signed"),
                "{name}"
            );
        }
    }

    #[test]
    fn c34_an_algorithm_that_is_not_allowed_is_rejected() {
        for alg in [
            json!("HS256"),
            json!("ES256K"),
            json!("RS1"),
            json!("rs256"),
            json!(""),
            json!(null),
            json!(["RS256"]),
        ] {
            assert!(
                refusal(&token(&json!({ "alg": alg }).to_string(), "{}")).contains("`alg`"),
                "{alg}"
            );
        }
        assert_eq!(
            refusal(&token("{}", "{}")),
            "The ID token's `alg` is missing"
        );
    }

    #[test]
    fn c36_only_three_canonical_parts_are_a_token() {
        let good = token(HEADER, r#"{"sub":"ada"}"#);
        assert!(Jws::parse(&good).is_ok());
        let [header, payload, signature] = good.split('.').collect::<Vec<_>>()[..] else {
            panic!()
        };
        for bad in [
            String::new(),
            ".".to_owned(),
            "..".to_owned(),
            "....".to_owned(),
            header.to_owned(),
            format!("{header}.{payload}"),
            format!("{header}.{payload}."),
            format!(".{payload}.{signature}"),
            format!("{header}..{signature}"),
            format!("{good}.{signature}"),
            format!("{good}.{signature}.{signature}"),
            format!("{good}."),
            format!("{good}="),
            format!("{header}=.{payload}.{signature}"),
            format!(" {good}"),
            format!("{good}\n"),
            format!("{header}. {payload}.{signature}"),
            format!("{header}.{payload}.c2l+"),
            format!("{header}.{payload}.c2l/"),
            format!("{header}.{payload}.é"),
            format!("{header}.{payload}.\0"),
            // One bit beyond the last byte: decodes to the same bytes in a careless decoder.
            format!("{header}.{payload}.c2lnYR"),
        ] {
            refusal(&bad);
        }
        assert!(refusal(&format!("{good}.a.b")).contains("encrypted"));
    }

    #[test]
    fn c36_a_long_token_is_refused_unread() {
        let long = token(
            HEADER,
            &json!({ "sub": "a".repeat(10_000_000) }).to_string(),
        );
        assert!(refusal(&long).contains("longer than 65536 bytes"));
        let short = token(HEADER, &json!({ "sub": "a".repeat(40_000) }).to_string());
        assert!(Jws::parse(&short).is_ok());
    }

    #[test]
    fn a_header_or_payload_that_can_be_read_in_two_ways_is_refused() {
        assert!(refusal(&token(r#"{"alg":"RS256","alg":"ES256"}"#, "{}")).contains("twice"));
        assert!(refusal(&token(HEADER, r#"{"sub":"ada","sub":"bob"}"#)).contains("twice"));
        assert!(refusal(&token(HEADER, r#"{"sub":"ada","\u0073ub":"bob"}"#)).contains("twice"));
        for text in [
            "null",
            "[]",
            "\"a\"",
            "1",
            "{}{}",
            "",
            "\u{FEFF}{}",
            "eyJhbGciOiJSUzI1NiJ9",
        ] {
            refusal(&token(HEADER, text));
            refusal(&token(text, "{}"));
        }
    }

    #[test]
    fn a_critical_extension_is_refused() {
        for crit in [json!(["exp"]), json!(["b64"]), json!([]), json!(null)] {
            assert!(
                refusal(&token(
                    &json!({ "alg": "RS256", "crit": crit, "b64": false }).to_string(),
                    "{}"
                ))
                .contains("`crit`")
            );
        }
    }

    #[test]
    fn a_token_of_another_kind_is_refused() {
        let of_type =
            |kind: Value| token(&json!({ "alg": "RS256", "typ": kind }).to_string(), "{}");
        for kind in [
            json!("at+jwt"),
            json!("AT+JWT"),
            json!("application/at+jwt"),
            json!("logout+jwt"),
            json!("dpop+jwt"),
            json!(1),
            json!(null),
        ] {
            assert!(refusal(&of_type(kind.clone())).contains("`typ`"), "{kind}");
        }
        for kind in [
            json!("JWT"),
            json!("jwt"),
            json!("application/jwt"),
            json!("JOSE"),
        ] {
            assert!(Jws::parse(&of_type(kind.clone())).is_ok(), "{kind}");
        }
    }

    #[test]
    fn a_key_id_is_a_string() {
        for id in [json!(1), json!(null), json!(["one"])] {
            assert!(
                refusal(&token(
                    &json!({ "alg": "RS256", "kid": id }).to_string(),
                    "{}"
                ))
                .contains("`kid`"),
                "{id}"
            );
        }
    }

    proptest! {
        #[test]
        fn no_string_panics_the_parser(text in any::<String>()) {
            drop(Jws::parse(&text));
        }

        #[test]
        fn no_three_parts_panic_the_parser(header in any::<Vec<u8>>(), payload in any::<Vec<u8>>(), signature in any::<Vec<u8>>()) {
            let [header, payload, signature] = [header, payload, signature].map(|part| URL_SAFE_NO_PAD.encode(part));
            let text = format!("{header}.{payload}.{signature}");
            prop_assert!(Jws::parse(&text).is_err());
        }

        #[test]
        fn no_payload_panics_the_parser(payload in "\\{[\\PC]{0,64}\\}") {
            drop(Jws::parse(&token(HEADER, &payload)));
        }
    }
}

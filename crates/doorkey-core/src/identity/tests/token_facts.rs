//! What is told of a session's tokens, and what is not.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::error::Code;
use crate::identity::{
    AccessTokenFacts, Account, Claim, ClaimValue, IdTokenFacts, TokenContents, TokenFacts,
};
use crate::session::Record;
use crate::token::{AccessToken, IdToken, RefreshToken};

const REFRESH_TOKEN: &str = "canary-refresh-token";

fn jwt(header: &Value, claims: &Value, signature: &str) -> String {
    let [header, claims] = [header, claims].map(|part| URL_SAFE_NO_PAD.encode(part.to_string()));
    format!("{header}.{claims}.{}", URL_SAFE_NO_PAD.encode(signature))
}

fn record(access_token: &str, id_token: Option<&str>) -> Record {
    Record {
        generation: String::new(),
        binding: String::new(),
        access_token: AccessToken::new(access_token),
        expires_at: None,
        refresh_token: Some(RefreshToken::new(REFRESH_TOKEN)),
        id_token: id_token.map(IdToken::new),
        scopes: Vec::new(),
        account: Account::default(),
        nonce: None,
        client: None,
    }
}

/// What is told of an access token that is a JWT.
fn read(access_token: &str) -> TokenContents {
    let facts = TokenFacts::read(&record(access_token, None)).unwrap();
    match facts.access_token {
        AccessTokenFacts::Jwt(contents) => contents,
        AccessTokenFacts::Opaque { .. } => panic!("opaque"),
    }
}

fn claims(claims: &Value) -> Vec<Claim> {
    read(&jwt(&json!({ "alg": "RS256" }), claims, "access signature")).claims
}

fn claim(name: &str, value: ClaimValue) -> Claim {
    Claim {
        name: name.to_owned(),
        value,
    }
}

fn text(text: &str) -> ClaimValue {
    ClaimValue::Text(text.to_owned())
}

fn literal(text: &str) -> ClaimValue {
    ClaimValue::Json(text.to_owned())
}

/// Every name and value, as it would be shown.
fn shown(contents: &TokenContents) -> String {
    let members = contents.header.iter().chain(&contents.claims);
    members
        .map(|claim| match &claim.value {
            ClaimValue::Text(text) | ClaimValue::Json(text) => format!("{} {text}\n", claim.name),
            ClaimValue::Time(_) | ClaimValue::Hidden(_) => format!("{}\n", claim.name),
        })
        .collect()
}

#[test]
fn both_tokens_are_told_in_the_order_of_a_persons_questions() {
    let id_token = jwt(
        &json!({ "typ": "JWT", "kid": "one", "alg": "RS256" }),
        &json!({ "zip": "8001", "aud": ["app"], "exp": 1_795_361_527, "email_verified": true, "iss": "https://idp.example", "address": { "city": "Zürich" } }),
        "id signature",
    );
    let access_token = jwt(
        &json!({ "alg": "HS256", "typ": "at+jwt" }),
        &json!({ "scope": "openid" }),
        "access signature",
    );
    assert_eq!(
        TokenFacts::read(&record(&access_token, Some(&id_token))).unwrap(),
        TokenFacts {
            id_token: Some(IdTokenFacts {
                algorithm: "RS256".to_owned(),
                key_id: Some("one".to_owned()),
                contents: TokenContents {
                    header: vec![
                        claim("alg", text("RS256")),
                        claim("kid", text("one")),
                        claim("typ", text("JWT")),
                    ],
                    claims: vec![
                        claim("iss", text("https://idp.example")),
                        claim("aud", literal(r#"["app"]"#)),
                        claim("exp", ClaimValue::Time(1_795_361_527)),
                        claim("email_verified", literal("true")),
                        claim("address", literal(r#"{"city":"Zürich"}"#)),
                        claim("zip", text("8001")),
                    ],
                    omitted: 0,
                    signature_length: 12,
                },
            }),
            access_token: AccessTokenFacts::Jwt(TokenContents {
                header: vec![claim("alg", text("HS256")), claim("typ", text("at+jwt"))],
                claims: vec![claim("scope", text("openid"))],
                omitted: 0,
                signature_length: 16,
            }),
        }
    );
}

#[test]
fn an_access_token_that_is_no_jwt_is_told_by_its_length() {
    let good = jwt(&json!({ "alg": "RS256" }), &json!({}), "signature");
    let (two_parts, _) = good.rsplit_once('.').unwrap();
    let huge = jwt(
        &json!({ "alg": "RS256" }),
        &json!({ "a": "a".repeat(70_000) }),
        "signature",
    );
    for opaque in [
        "gho_16C7e42F292c6912E7710c838347Ae178B4a",
        two_parts,
        &format!("{two_parts}."),
        &format!("{good}.encrypted.token"),
        &jwt(&json!({ "kid": "one" }), &json!({}), "signature"),
        &jwt(&json!({ "alg": 1 }), &json!({}), "signature"),
        &jwt(&json!({ "alg": "RS256" }), &json!([]), "signature"),
        &huge,
    ] {
        assert_eq!(
            TokenFacts::read(&record(opaque, None)).unwrap(),
            TokenFacts {
                id_token: None,
                access_token: AccessTokenFacts::Opaque {
                    length: opaque.len()
                },
            }
        );
    }
}

#[test]
fn nothing_is_called_verified_that_is_no_id_token() {
    let unsigned = jwt(&json!({ "alg": "none" }), &json!({}), "signature");
    let error = TokenFacts::read(&record("opaque-token", Some(&unsigned))).unwrap_err();
    assert_eq!(error.code(), Code::IdTokenInvalid);
}

#[test]
fn no_token_and_no_signature_is_told_wherever_a_claim_repeats_it() {
    let access_token = "canary\"access/token";
    let signature = "canary-signature";
    let encoded = URL_SAFE_NO_PAD.encode(signature);
    let disguised = REFRESH_TOKEN.replace("refresh", "re\u{200B}fresh");
    let id_token = jwt(
        &json!({ "alg": "RS256", "kid": REFRESH_TOKEN }),
        &json!({
            "plain": access_token,
            "within": format!("Bearer {access_token}."),
            "nested": { "list": [1, { "deep": access_token }] },
            "member": { access_token: 1 },
            REFRESH_TOKEN: "as a name",
            "disguised": disguised,
            "signature": encoded,
            "nonce": "of the sign-in",
            "innocent": "canary",
        }),
        signature,
    );
    let facts = TokenFacts::read(&record(access_token, Some(&id_token))).unwrap();
    let id_token = facts.id_token.unwrap();
    let shown = shown(&id_token.contents);
    for secret in [
        "of the sign-in",
        access_token,
        "canary\\\"access",
        REFRESH_TOKEN,
        &encoded,
    ] {
        assert!(!shown.contains(secret), "{shown}");
    }
    assert_eq!(id_token.key_id.as_deref(), Some("[token]"));
    let hidden = id_token
        .contents
        .claims
        .iter()
        .filter(|claim| matches!(claim.value, ClaimValue::Hidden(_)));
    assert_eq!(hidden.count(), 7);
    assert!(shown.contains("innocent canary"));
    assert!(shown.contains("[token] as a name"));
}

#[test]
fn a_number_that_is_the_token_is_hidden_too() {
    let id_token = jwt(
        &json!({ "alg": "RS256" }),
        &json!({ "n": 1_234_567_890_123_u64 }),
        "s",
    );
    let facts = TokenFacts::read(&record("1234567890123", Some(&id_token))).unwrap();
    assert_eq!(
        facts.id_token.unwrap().contents.claims,
        [claim("n", ClaimValue::Hidden(13))]
    );
}

#[test]
fn g18_hostile_claims_are_cleaned_and_cut() {
    let told = claims(&json!({
        "a\u{202E}b": "moc.live@\u{202E}ada\r\n\u{1B}[31m",
        "long": "x".repeat(5_000),
        "nested": { "\u{202E}": "y".repeat(5_000) },
        "n".repeat(500): 1,
    }));
    assert_eq!(told[0], claim("ab", text("moc.live@ada [31m")));
    for claim in &told {
        assert!(claim.name.chars().count() <= 80);
        if let ClaimValue::Text(text) | ClaimValue::Json(text) = &claim.value {
            assert!(text.chars().count() <= 1_000 && !text.contains('\u{202E}'));
        }
    }
}

#[test]
fn too_many_claims_hide_none_that_is_known() {
    let mut many: serde_json::Map<String, Value> = (0..500)
        .map(|number| (format!("a{number:03}"), json!(number)))
        .collect();
    many.insert("iss".to_owned(), json!("https://idp.example"));
    let contents = read(&jwt(
        &json!({ "alg": "RS256" }),
        &Value::Object(many),
        "signature",
    ));
    assert_eq!((contents.claims.len(), contents.omitted), (100, 401));
    assert_eq!(
        contents.claims[0],
        claim("iss", text("https://idp.example"))
    );
}

#[test]
fn only_what_can_be_a_time_is_one() {
    for (value, expected) in [
        (json!(0), ClaimValue::Time(0)),
        (json!(1_795_361_527.9), ClaimValue::Time(1_795_361_527)),
        (
            json!(253_402_300_799_u64),
            ClaimValue::Time(253_402_300_799),
        ),
        (json!(253_402_300_800_u64), literal("253402300800")),
        (json!(-1), literal("-1")),
        (json!(1e300), literal("1e+300")),
        (json!("1795361527"), text("1795361527")),
        (json!(null), literal("null")),
    ] {
        assert_eq!(claims(&json!({ "exp": value })), [claim("exp", expected)]);
    }
    assert_eq!(claims(&json!({ "age": 42 })), [claim("age", literal("42"))]);
}

#[test]
fn what_claims_say_is_not_in_debug_output() {
    let token = jwt(
        &json!({ "alg": "RS256" }),
        &json!({ "name": "Ada Moreno" }),
        "signature",
    );
    let debug = format!("{:?}", read(&token));
    assert!(
        debug.contains("value: Text") && !debug.contains("Ada"),
        "{debug}"
    );
}

proptest! {
    #[test]
    fn no_token_panics_the_reader(header in any::<String>(), claims in "\\{[\\PC]{0,64}\\}", access_token in any::<String>()) {
        let made = format!("{}.{}.c2ln", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims));
        drop(TokenFacts::read(&record(&made, None)));
        drop(TokenFacts::read(&record(&access_token, Some(&made))));
    }
}

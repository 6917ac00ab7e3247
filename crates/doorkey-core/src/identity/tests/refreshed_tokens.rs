//! Tokens that come with a refreshed access token, and rules that no value may break.

use proptest::prelude::*;

use super::*;
use crate::identity::claims::check;

#[tokio::test]
async fn d20_a_refreshed_token_is_about_the_same_person_at_the_same_issuer() {
    let setting = Setting::new().await;
    let refresh = |expected: &mut Expected<'_>| {
        expected.occasion = Occasion::Refresh {
            subject: "auth0|ada",
            nonce: Some(NONCE),
        };
    };
    for (changed, code, says) in [
        (
            with(claims(), "sub", json!("auth0|bob")),
            Code::IdTokenInvalid,
            "names another person",
        ),
        (
            with(claims(), "sub", json!("AUTH0|ada")),
            Code::IdTokenInvalid,
            "names another person",
        ),
        (
            with(claims(), "iss", json!("https://evil.example")),
            Code::IssuerMismatch,
            "not `https://login.example.com`",
        ),
        (
            with(claims(), "aud", json!("other")),
            Code::IdTokenInvalid,
            "not this client",
        ),
        (
            with(claims(), "nonce", json!("another")),
            Code::IdTokenInvalid,
            "belongs to another sign-in",
        ),
        (
            with(claims(), "nonce", json!(7)),
            Code::IdTokenInvalid,
            "is not a string",
        ),
        (
            with(claims(), "exp", json!(NOW - 301)),
            Code::IdTokenInvalid,
            "expired",
        ),
        (
            with(claims(), "iat", json!(NOW + 301)),
            Code::IdTokenInvalid,
            "in the future",
        ),
        (
            without(claims(), "iat"),
            Code::IdTokenInvalid,
            "`iat` is missing",
        ),
        (
            with(claims(), "at_hash", json!("AAAA")),
            Code::IdTokenInvalid,
            "`at_hash`",
        ),
    ] {
        assert_refusal(
            &setting
                .verify_when(&token(&changed), refresh)
                .await
                .unwrap_err(),
            code,
            says,
        );
    }
    assert_eq!(setting.double.count(), 0);
    for right in [
        claims(),
        without(claims(), "nonce"),
        with(claims(), "iat", json!(NOW - 86_400)),
    ] {
        assert!(
            setting.verify_when(&token(&right), refresh).await.is_ok(),
            "{right}"
        );
    }
    let unknown = |expected: &mut Expected<'_>| {
        expected.occasion = Occasion::Refresh {
            subject: "auth0|ada",
            nonce: None,
        }
    };
    assert!(
        setting
            .verify_when(
                &token(&with(claims(), "nonce", json!("kept by nobody"))),
                unknown
            )
            .await
            .is_ok()
    );
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        Just(json!(CLIENT)),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop::collection::vec(inner, 0..4).prop_map(Value::from)
    })
}

proptest! {
    #[test]
    fn no_claim_panics_the_rules(name in prop::sample::select(vec!["iss", "aud", "azp", "exp", "nbf", "iat", "nonce", "sub", "at_hash", "auth_time", "acr"]), value in any_json()) {
        let access_token = AccessToken::new(ACCESS_TOKEN);
        let mut expected = expected(&access_token);
        expected.occasion = Occasion::SignIn { nonce: NONCE, max_age: Some(Duration::MAX), acr_values: "gold" };
        let changed = with(claims(), name, value);
        drop(check(changed.as_object().unwrap(), Algorithm::Rs256, &expected));
    }

    #[test]
    fn no_clock_panics_the_rules(now in any::<u32>(), iat in any::<u64>(), exp in any::<u64>()) {
        let access_token = AccessToken::new(ACCESS_TOKEN);
        let mut expected = expected(&access_token);
        expected.now = from_unix_seconds(u64::from(now));
        let changed = with(with(claims(), "iat", json!(iat)), "exp", json!(exp));
        drop(check(changed.as_object().unwrap(), Algorithm::Rs256, &expected));
    }
}

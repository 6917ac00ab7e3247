//! What a key set may look like, and which of its keys is taken.

use super::keys::{UNKNOWN, key, signed_by};
use super::*;

#[tokio::test]
async fn b26_junk_in_a_key_set_is_skipped() {
    let rsa = Signer::shared(Algorithm::Rs256).jwk_with_id("rsa");
    let weak: Value = with(
        serde_json::from_str(signer::WEAK_JWK).unwrap(),
        "kid",
        json!("weak"),
    );
    let setting = Setting::publishing(&[
        json!(null),
        json!({}),
        json!({ "kty": "XYZ", "kid": "rsa" }),
        json!({ "kty": "oct", "kid": "rsa", "k": "c2VjcmV0" }),
        with(rsa.clone(), "use", json!("enc")),
        with(rsa.clone(), "d", json!("AQAB")),
        without(rsa.clone(), "n"),
        weak,
        rsa,
    ])
    .await;
    setting.verify(&token(&claims())).await.unwrap();
    assert!(
        setting.steps.text().contains("(\"keys\", Shown(\"1\"))"),
        "{}",
        setting.steps.text()
    );
}

#[tokio::test]
async fn b26_an_answer_without_usable_keys_is_refused() {
    let setting = Setting::new().await;
    let oct = json!({ "kty": "oct", "kid": "rsa", "k": "c2VjcmV0" });
    for (reply, says) in [
        (key_set(&[]), "holds no key"),
        (key_set(&[oct]), "holds no key"),
        (
            key_set(&[serde_json::from_str(signer::WEAK_JWK).unwrap()]),
            "holds no key",
        ),
        (said("{}"), "has no list `keys`"),
        (said(r#"{"keys":{}}"#), "has no list `keys`"),
        (said("[]"), "is not a JSON object"),
        (
            said(r#"{"keys":[],"keys":[]}"#),
            "says the same thing twice",
        ),
        (
            Answer::bytes("text/html", b"<html>log in</html>"),
            "is not a JSON object",
        ),
        (Answer::status(204), "is HTTP 204"),
        (Answer::status(403), "is HTTP 403"),
        (Answer::status(404), "is HTTP 404"),
        (
            Answer::bytes("application/json", vec![b' '; 1024 * 1024 + 1]),
            "is too large",
        ),
    ] {
        setting.double.answer(reply);
        assert_refusal(
            &setting.verify(&token(&claims())).await.unwrap_err(),
            Code::MetadataInvalid,
            says,
        );
        setting.clock.advance(Duration::from_secs(10));
    }
}

#[tokio::test]
async fn b28_a_redirect_is_not_followed() {
    let elsewhere = Double::start(key_set(&[
        Signer::shared(Algorithm::Rs256).jwk_with_id("rsa")
    ]))
    .await;
    let setting = Setting::new().await;
    for status in [301, 302, 303, 307, 308] {
        for target in [elsewhere.url("jwks"), setting.double.url("other")] {
            let before = setting.double.count();
            setting
                .double
                .answer(Answer::status(status).header("Location", target.as_str()));
            assert_refusal(
                &setting.verify(&token(&claims())).await.unwrap_err(),
                Code::MetadataInvalid,
                "redirect",
            );
            assert_eq!(setting.double.count(), before + 1);
            setting.clock.advance(Duration::from_secs(10));
        }
    }
    assert_eq!(elsewhere.count(), 0);
}

#[tokio::test]
async fn c48_without_a_key_id_the_only_fitting_key_is_taken() {
    let (one, two) = (key(), key());
    let rsa = Signer::shared(Algorithm::Rs256).jwk_with_id("rsa");
    for keys in [
        vec![one.jwk()],
        vec![one.jwk_with_id("one")],
        vec![one.jwk_with_id("one"), rsa.clone()],
    ] {
        let setting = Setting::publishing(&keys).await;
        setting.verify(&signed_by(&one, None)).await.unwrap();
        assert_eq!(setting.double.count(), 1);
    }
    let setting = Setting::publishing(&[one.jwk_with_id("one"), two.jwk_with_id("two")]).await;
    let ambiguous = setting.verify(&signed_by(&one, None)).await.unwrap_err();
    assert_refusal(
        &ambiguous,
        Code::IdTokenInvalid,
        "does not say with which of the provider's keys",
    );
    let setting = Setting::publishing(&[rsa]).await;
    assert_refusal(
        &setting.verify(&signed_by(&one, None)).await.unwrap_err(),
        Code::IdTokenInvalid,
        UNKNOWN,
    );
}

#[tokio::test]
async fn two_keys_of_one_id_are_both_tried() {
    let (one, two) = (key(), key());
    let setting = Setting::publishing(&[one.jwk_with_id("same"), two.jwk_with_id("same")]).await;
    setting
        .verify(&signed_by(&one, Some("same")))
        .await
        .unwrap();
    setting
        .verify(&signed_by(&two, Some("same")))
        .await
        .unwrap();
}

#[tokio::test]
async fn b26_a_key_of_a_curve_that_is_not_used_is_skipped() {
    let key = Signer::shared(Algorithm::EdDsa).jwk_with_id("ed");
    for curve in ["X25519", "Ed448", "P-256"] {
        let setting = Setting::publishing(&[with(key.clone(), "crv", json!(curve))]).await;
        let trace = setting.steps.trace();
        assert!(setting.keys.usable(&[], &trace).await.is_err(), "{curve}");
    }
}

#[tokio::test]
async fn the_keys_that_can_be_used_are_counted() {
    let setting = Setting::new().await;
    for (algorithms, count) in [
        (&[][..], 4),
        (&["RS256"], 1),
        (&["RS256", "ES256", "EdDSA"], 3),
        (&["HS256"], 0),
        (&["none", "PS512"], 1),
    ] {
        let named: Vec<_> = algorithms.iter().map(|name| (*name).to_owned()).collect();
        let usable = setting.keys.usable(&named, &setting.steps.trace()).await;
        assert_eq!(usable.expect("the keys"), count, "{algorithms:?}");
    }
    let debug = format!("{:?}", setting.keys);
    assert!(
        debug.contains("/jwks") && debug.contains("Some(4)"),
        "{debug}"
    );
}

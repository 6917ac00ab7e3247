//! An ID token that came for a device code: fresh as at any sign-in, and without a nonce, since none was sent.

use super::*;
use crate::trace::StepKind;

/// The same expectations as at a sign-in, for a device code.
fn for_a_device(max_age: Option<u64>, acr_values: &str) -> Occasion<'_> {
    Occasion::Device {
        max_age: max_age.map(Duration::from_secs),
        acr_values,
    }
}

async fn verified(claims: &Value, occasion: Occasion<'static>) -> Result<VerifiedIdToken> {
    let setting = Setting::new().await;
    let token = token(claims);
    setting
        .verify_when(&token, |expected| expected.occasion = occasion)
        .await
}

#[tokio::test]
async fn no_nonce_was_sent_so_none_may_come_back() {
    let fresh = without(claims(), "nonce");
    assert!(verified(&fresh, for_a_device(None, "")).await.is_ok());
    for nonce in [json!(NONCE), json!(""), json!(7)] {
        let claims = with(claims(), "nonce", nonce.clone());
        let error = verified(&claims, for_a_device(None, "")).await;
        assert_refusal(
            &error.expect_err("another request's token"),
            Code::IdTokenInvalid,
            "is there, although none was sent",
        );
    }
}

#[tokio::test]
async fn everything_else_is_as_at_any_sign_in() {
    let fresh = without(claims(), "nonce");
    for (name, value, code) in [
        ("iat", json!(NOW - 7_200), Code::IdTokenInvalid),
        ("exp", json!(NOW - 3_600), Code::IdTokenInvalid),
        ("aud", json!("another"), Code::IdTokenInvalid),
        ("iss", json!("https://evil.example"), Code::IssuerMismatch),
        ("at_hash", json!("AAAA"), Code::IdTokenInvalid),
    ] {
        let claims = with(fresh.clone(), name, value);
        let error = verified(&claims, for_a_device(None, "")).await;
        assert_eq!(error.expect_err(name).code(), code, "{name}");
    }
    for occasion in [for_a_device(Some(60), ""), for_a_device(None, "gold")] {
        let error = verified(&fresh, occasion).await;
        let error = error.expect_err("not as recent or strong as asked for");
        assert_eq!(error.code(), Code::StepUpNotSatisfied);
    }
}

#[tokio::test]
async fn a_sign_in_elsewhere_is_told_of() {
    let setting = Setting::new().await;
    let claims = with(
        without(claims(), "nonce"),
        "identity_provider",
        json!("https://upstream.example"),
    );
    let token = token(&claims);
    let verified = setting.verify_when(&token, |expected| {
        expected.occasion = for_a_device(None, "");
    });
    assert!(verified.await.is_ok());
    let told = setting.steps.told();
    assert!(
        told.iter()
            .any(|(kind, _)| *kind == StepKind::UpstreamSignIn)
    );
}

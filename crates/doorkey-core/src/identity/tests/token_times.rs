//! The times that a token tells, against this computer's clock.

use super::token_rules::{accept_each, refuse_each};
use super::*;

#[tokio::test]
async fn c43_an_expired_or_malformed_exp_is_rejected() {
    refuse_each([
        ("exp", None, "`exp` is missing"),
        (
            "exp",
            Some(json!(NOW - 300)),
            "expired 5 minutes ago by this computer's clock (`exp`)",
        ),
        ("exp", Some(json!(NOW - 90_000)), "expired 25 hours ago"),
        ("exp", Some(json!(0)), "days ago"),
        ("exp", Some(json!("1800003600")), "not a time"),
        ("exp", Some(json!(1_800_003_600.5)), "not a time"),
        ("exp", Some(json!(1_800_003_600.0)), "not a time"),
        ("exp", Some(json!(-1)), "not a time"),
        ("exp", Some(json!(1e30)), "not a time"),
        ("exp", Some(json!(u64::MAX)), "not a time"),
        ("exp", Some(json!(i64::MIN)), "not a time"),
        ("exp", Some(json!(true)), "not a time"),
        ("exp", Some(json!(null)), "not a time"),
        ("exp", Some(json!([NOW + 3600])), "not a time"),
    ])
    .await;
    accept_each([
        ("exp", Some(json!(NOW - 299))),
        ("exp", Some(json!(NOW))),
        ("exp", Some(json!(253_402_300_799_u64))),
    ])
    .await;
}

#[tokio::test]
async fn c44_an_iat_that_is_missing_old_or_in_the_future_is_rejected() {
    refuse_each([
        ("iat", None, "`iat` is missing"),
        (
            "iat",
            Some(json!(NOW - 901)),
            "was issued 15 minutes ago, not for this sign-in",
        ),
        ("iat", Some(json!(NOW - 604_800)), "was issued 7 days ago"),
        (
            "iat",
            Some(json!(NOW + 301)),
            "was issued 5 minutes in the future by this computer's clock (`iat`)",
        ),
        (
            "iat",
            Some(json!(NOW + 720)),
            "was issued 12 minutes in the future",
        ),
        ("iat", Some(json!("1800000000")), "not a time"),
        ("iat", Some(json!(-5)), "not a time"),
        ("iat", Some(json!(1e30)), "not a time"),
    ])
    .await;
    accept_each([
        ("iat", Some(json!(NOW - 900))),
        ("iat", Some(json!(NOW + 300))),
    ])
    .await;
}

#[tokio::test]
async fn c46_a_token_that_is_not_valid_yet_is_rejected() {
    refuse_each([
        (
            "nbf",
            Some(json!(NOW + 301)),
            "is not valid for another 5 minutes",
        ),
        (
            "nbf",
            Some(json!(NOW + 86_400 * 30)),
            "is not valid for another 30 days",
        ),
        ("nbf", Some(json!("0")), "`nbf` is not a time"),
        ("nbf", Some(json!(null)), "`nbf` is not a time"),
        ("nbf", Some(json!(1.5)), "`nbf` is not a time"),
    ])
    .await;
    accept_each([
        ("nbf", None),
        ("nbf", Some(json!(0))),
        ("nbf", Some(json!(NOW + 300))),
    ])
    .await;
}

#[tokio::test]
async fn c54_a_recent_or_strong_sign_in_that_was_asked_for_must_be_confirmed() {
    let setting = Setting::new().await;
    let recent = Occasion::SignIn {
        nonce: NONCE,
        max_age: Some(Duration::from_secs(600)),
        acr_values: "",
    };
    let strong = Occasion::SignIn {
        nonce: NONCE,
        max_age: None,
        acr_values: "silver gold",
    };
    for (asked, claim, value, is_met) in [
        (recent, "auth_time", json!(NOW - 900), true),
        (recent, "auth_time", json!(NOW - 901), false),
        (recent, "auth_time", json!(NOW - 86_400), false),
        (recent, "other", json!(1), false),
        (strong, "acr", json!("gold"), true),
        (strong, "acr", json!("silver"), true),
        (strong, "acr", json!("silver gold"), false),
        (strong, "acr", json!("bronze"), false),
        (strong, "acr", json!(["gold"]), false),
        (strong, "other", json!(1), false),
    ] {
        let signed = token(&with(claims(), claim, value.clone()));
        let outcome = setting
            .verify_when(&signed, |expected| expected.occasion = asked)
            .await;
        match outcome {
            Ok(_) => assert!(is_met, "{claim}: {value}"),
            Err(error) => {
                assert!(!is_met, "{claim}: {value}: {error:?}");
                assert_eq!(error.code(), Code::StepUpNotSatisfied);
            }
        }
    }
    // What was not asked for is not checked, but a time is a time.
    accept_each([
        ("auth_time", Some(json!(0))),
        ("auth_time", Some(json!(NOW + 300))),
        ("acr", Some(json!(0))),
    ])
    .await;
    refuse_each([
        (
            "auth_time",
            Some(json!("yesterday")),
            "`auth_time` is not a time",
        ),
        ("auth_time", Some(json!(NOW + 301)), "in the future"),
    ])
    .await;
}

#[tokio::test]
async fn c54_a_person_is_told_how_long_ago_they_signed_in() {
    let setting = Setting::new().await;
    for (ago, told) in [
        (901, "signed in 15 minutes ago"),
        (86_400, "signed in 24 hours ago"),
    ] {
        let signed = token(&with(claims(), "auth_time", json!(NOW - ago)));
        let outcome = setting.verify_when(&signed, |expected| {
            expected.occasion = Occasion::SignIn {
                nonce: NONCE,
                max_age: Some(Duration::from_secs(119)),
                acr_values: "",
            };
        });
        let message = outcome.await.expect_err("too long ago").message();
        assert!(message.contains(told), "{message}");
        assert!(message.contains("119 seconds was the most"), "{message}");
    }
}

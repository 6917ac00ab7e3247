//! Whether the provider relied on another one: told where the ID token says so, and nowhere else.

use super::*;
use crate::trace::StepKind;

/// The steps about another provider, told of a sign-in with these claims.
async fn told(setting: &Setting, claims: &Value) -> Vec<String> {
    let before = setting.steps.told().len();
    setting.verify(&token(claims)).await.expect("a right token");
    let kinds: Vec<_> = setting.steps.told().split_off(before);
    let verified = kinds
        .iter()
        .position(|(kind, _)| *kind == StepKind::IdTokenVerified);
    let upstream = kinds
        .iter()
        .position(|(kind, _)| *kind == StepKind::UpstreamSignIn);
    assert!(upstream.is_none_or(|upstream| verified.is_some_and(|verified| verified < upstream)));
    setting.steps.fields(StepKind::UpstreamSignIn)
}

#[tokio::test]
async fn another_provider_is_named_where_the_token_says_so() {
    for (claim, value, shown) in [
        ("identity_provider", "google", "identity_provider = google"),
        (
            "identity_provider",
            "https://upstream.example",
            "identity_provider = https://upstream.example",
        ),
        ("idp", "live.com", "idp = live.com"),
        ("idp", "0800bank", "idp = 0800bank"),
        ("idp", "twentylettersandmore", "idp = twentylettersandmore"),
        (
            "idp",
            "https://sts.windows.net/9188040d/",
            "idp = https://sts.windows.net/9188040d/",
        ),
        (
            "sub",
            "google-oauth2|103547991597142817347",
            "connection = google-oauth2",
        ),
        ("sub", "samlp|corp|ada@example.com", "connection = samlp"),
    ] {
        let setting = Setting::new().await;
        let claims = with(claims(), claim, json!(value));
        assert_eq!(told(&setting, &claims).await, [shown]);
    }
}

#[tokio::test]
async fn a_provider_that_did_it_by_itself_relied_on_nobody() {
    let setting = Setting::new().await;
    for (claim, value) in [
        ("identity_provider", json!(ISSUER)),
        ("idp", json!(ISSUER)),
        ("idp", json!("local")),
        ("idp", json!("00oi5a9gz3gWjKBsP0g4")),
        ("idp", json!("")),
        ("idp", json!(["google"])),
        ("identity_provider", json!(7)),
        ("sub", json!("auth0|ada")),
        ("sub", json!("email|5f7c8ec7c33c6c004bbafe82")),
        ("sub", json!("sms|5f7c8ec7c33c6c004bbafe82")),
        ("sub", json!("ada")),
        ("sub", json!("|ada")),
        ("sub", json!("google-oauth2|")),
        ("sub", json!("Ada Lovelace|ada")),
    ] {
        let claims = with(claims(), claim, value.clone());
        assert!(told(&setting, &claims).await.is_empty(), "{claim}: {value}");
    }
    // What the provider says itself outweighs what its subjects look like.
    let claims = with(claims(), "sub", json!("demo|ada"));
    let claims = with(claims, "identity_provider", json!(ISSUER));
    assert!(told(&setting, &claims).await.is_empty());
}

#[tokio::test]
async fn the_other_provider_s_name_is_inert_text_and_no_token() {
    let setting = Setting::new().await;
    let disguised = with(claims(), "idp", json!("goo\u{202e}gle\n"));
    assert_eq!(told(&setting, &disguised).await, ["idp = google"]);
    let setting = Setting::new().await;
    let leaking = with(claims(), "idp", json!(format!("x{ACCESS_TOKEN}")));
    assert!(told(&setting, &leaking).await.is_empty());
}

#[tokio::test]
async fn a_refresh_tells_of_no_other_provider() {
    let setting = Setting::new().await;
    let token = token(&with(claims(), "idp", json!("google")));
    let occasion = Occasion::Refresh {
        subject: "auth0|ada",
        nonce: None,
    };
    let verified = setting
        .verify_when(&token, |expected| expected.occasion = occasion)
        .await;
    verified.expect("a right token");
    assert!(setting.steps.fields(StepKind::UpstreamSignIn).is_empty());
}

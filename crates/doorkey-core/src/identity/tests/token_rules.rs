//! Each claim rule in both directions: the right token passes, and one change fails.

use super::*;
use crate::trace::StepKind;

/// One change of the claims and what the refusal says about it.
pub(super) type Row = (&'static str, Option<Value>, &'static str);

pub(super) async fn refuse_each(rows: impl IntoIterator<Item = Row>) {
    let setting = Setting::new().await;
    for (name, value, says) in rows {
        let changed = match value {
            Some(value) => with(claims(), name, value),
            None => without(claims(), name),
        };
        let code = if name == "iss" {
            Code::IssuerMismatch
        } else {
            Code::IdTokenInvalid
        };
        setting.refuses(&token(&changed), code, says).await;
    }
    assert_eq!(
        setting.double.count(),
        0,
        "no keys are asked for about a token that cannot pass"
    );
    assert!(setting.verify(&token(&claims())).await.is_ok());
}

pub(super) async fn accept_each(rows: impl IntoIterator<Item = (&'static str, Option<Value>)>) {
    let setting = Setting::new().await;
    for (name, value) in rows {
        let changed = match &value {
            Some(value) => with(claims(), name, value.clone()),
            None => without(claims(), name),
        };
        let outcome = setting.verify(&token(&changed)).await;
        assert!(outcome.is_ok(), "{name}: {value:?}: {outcome:?}");
    }
}

#[tokio::test]
async fn the_issuer_of_a_template_is_that_of_the_tokens_own_tenant() {
    let setting = Setting::new().await;
    let template = "https://login.example.com/{tenantid}/v2.0";
    let issuer = "https://login.example.com/9188-40d/v2.0";
    let judged = async |iss: &str, tid: Option<Value>| {
        let claims = with(claims(), "iss", json!(iss));
        let claims = match tid {
            Some(tid) => with(claims, "tid", tid),
            None => claims,
        };
        setting
            .verify_when(&token(&claims), |expected| expected.issuer = template)
            .await
            .map_err(|error| error.code())
            .map(|_| ())
    };
    assert_eq!(judged(issuer, Some(json!("9188-40d"))).await, Ok(()));
    let (other, unusable) = (Err(Code::IssuerMismatch), Err(Code::IdTokenInvalid));
    assert_eq!(judged(issuer, Some(json!("other"))).await, other);
    assert_eq!(judged(template, Some(json!("9188-40d"))).await, other);
    for tid in [json!("a/b"), json!("{tenantid}"), json!(""), json!(7)] {
        assert_eq!(judged(issuer, Some(tid)).await, unusable);
    }
    assert_eq!(judged(issuer, None).await, unusable);
}

#[tokio::test]
async fn a_right_token_tells_who_signed_in() {
    let setting = Setting::new().await;
    let verified = setting.verify(&token(&claims())).await.unwrap();
    assert_eq!(verified.subject, "auth0|ada");
    assert_eq!(verified.expires_at, from_unix_seconds(NOW + 3600));
    assert_eq!(
        (verified.algorithm.as_str(), verified.key_id.as_deref()),
        ("RS256", Some("rsa"))
    );
    assert_eq!(Value::Object(verified.claims.clone()), claims());
    assert_eq!(verified.account.display_name(), "Ada Lovelace");
    let told = setting.steps.told();
    let kinds: Vec<StepKind> = told.iter().map(|(kind, _)| *kind).collect();
    assert_eq!(
        kinds,
        [
            StepKind::KeysRequest,
            StepKind::KeysResponse,
            StepKind::IdTokenVerified
        ]
    );
    assert!(told.iter().all(|(_, failure)| failure.is_none()));
    assert!(!setting.steps.text().contains(NONCE));
    assert!(!format!("{verified:?}").contains("ada"));
}

#[tokio::test]
async fn c37_a_wrong_or_missing_issuer_is_rejected() {
    refuse_each([
        ("iss", None, "is missing"),
        (
            "iss",
            Some(json!("https://login.example.com/")),
            "is `https://login.example.com/`, not `https://login.example.com`",
        ),
        (
            "iss",
            Some(json!("https://LOGIN.example.com")),
            "not `https://login.example.com`",
        ),
        ("iss", Some(json!("https://login.example.com:443")), "not"),
        (
            "iss",
            Some(json!("https://evil.example\u{202E}\r\n\u{1B}[31m")),
            "is `https://evil.example [31m`",
        ),
        ("iss", Some(json!("")), "is ``"),
        ("iss", Some(json!([ISSUER])), "is not a string"),
        ("iss", Some(json!(null)), "is not a string"),
    ])
    .await;
}

#[tokio::test]
async fn c38_a_wrong_missing_or_malformed_audience_is_rejected() {
    refuse_each([
        ("aud", None, "`aud` is missing"),
        (
            "aud",
            Some(json!("other")),
            "names `other`, not this client, `desktop`",
        ),
        ("aud", Some(json!("Desktop")), "not this client"),
        ("aud", Some(json!("desktop ")), "not this client"),
        ("aud", Some(json!(7)), "neither a string nor a list"),
        ("aud", Some(json!(null)), "neither a string nor a list"),
        (
            "aud",
            Some(json!({ "0": CLIENT })),
            "neither a string nor a list",
        ),
        ("aud", Some(json!([])), "names nobody"),
        ("aud", Some(json!(["other"])), "not this client"),
        ("aud", Some(json!([[CLIENT]])), "other than strings"),
        ("aud", Some(json!([CLIENT, 7])), "other than strings"),
        (
            "aud",
            Some(json!([CLIENT, "api"])),
            "also names `api`, which the profile does not list",
        ),
    ])
    .await;
    accept_each([
        ("aud", Some(json!([CLIENT]))),
        ("aud", Some(json!([CLIENT, CLIENT]))),
    ])
    .await;
}

#[tokio::test]
async fn c38_a_further_audience_must_be_listed_and_comes_with_azp() {
    let setting = Setting::new().await;
    let listed = ["api".to_owned()];
    let both = with(claims(), "aud", json!(["api", CLIENT]));
    let named = token(&with(both.clone(), "azp", json!(CLIENT)));
    assert!(
        setting
            .verify_when(&named, |expected| expected.additional_audiences = &listed)
            .await
            .is_ok()
    );
    assert_refusal(
        &setting.verify(&named).await.unwrap_err(),
        Code::IdTokenInvalid,
        "`api`",
    );

    let unnamed = setting
        .verify_when(&token(&both), |expected| {
            expected.additional_audiences = &listed
        })
        .await;
    assert_refusal(
        &unnamed.unwrap_err(),
        Code::IdTokenInvalid,
        "`azp` is missing",
    );
    let stranger = token(&with(
        with(claims(), "aud", json!(["api", CLIENT, "x"])),
        "azp",
        json!(CLIENT),
    ));
    let stranger = setting
        .verify_when(&stranger, |expected| {
            expected.additional_audiences = &listed
        })
        .await;
    assert_refusal(
        &stranger.unwrap_err(),
        Code::IdTokenInvalid,
        "also names `x`",
    );
    let only_other = token(&with(claims(), "aud", json!("api")));
    let only_other = setting
        .verify_when(&only_other, |expected| {
            expected.additional_audiences = &listed
        })
        .await;
    assert_refusal(
        &only_other.unwrap_err(),
        Code::IdTokenInvalid,
        "not this client",
    );
}

#[tokio::test]
async fn c40_another_authorized_party_is_rejected() {
    refuse_each([
        ("azp", Some(json!("other")), "`azp` names another client"),
        ("azp", Some(json!([CLIENT])), "`azp`"),
        ("azp", Some(json!(null)), "`azp`"),
    ])
    .await;
    accept_each([("azp", Some(json!(CLIENT)))]).await;
}

#[tokio::test]
async fn c41_a_nonce_of_another_attempt_is_rejected() {
    refuse_each([
        ("nonce", None, "`nonce` is missing"),
        (
            "nonce",
            Some(json!("another")),
            "`nonce` belongs to another sign-in",
        ),
        (
            "nonce",
            Some(json!("N-0s6_wZa2mJ")),
            "`nonce` belongs to another sign-in",
        ),
        (
            "nonce",
            Some(json!("n-0S6_WzA2Mj ")),
            "`nonce` belongs to another sign-in",
        ),
        (
            "nonce",
            Some(json!("")),
            "`nonce` belongs to another sign-in",
        ),
        ("nonce", Some(json!([NONCE])), "`nonce` is not a string"),
        ("nonce", Some(json!(null)), "`nonce` is not a string"),
    ])
    .await;
}

#[tokio::test]
async fn c42_the_access_token_must_be_the_one_that_was_hashed() {
    let setting = Setting::new().await;
    for (name, id) in [
        ("RS256", "rsa"),
        ("RS512", "rsa"),
        ("PS384", "rsa"),
        ("ES256", "p256"),
        ("ES384", "p384"),
        ("EdDSA", "ed"),
    ] {
        let algorithm = Algorithm::parse(name).unwrap();
        let header = json!({ "alg": name, "kid": id });
        let hash = algorithm.access_token_hash(ACCESS_TOKEN);
        let signed = |hash: Value| {
            Signer::shared(algorithm).token(algorithm, &header, &with(claims(), "at_hash", hash))
        };
        assert!(setting.verify(&signed(json!(hash))).await.is_ok(), "{name}");
        let other = algorithm.access_token_hash("another token");
        setting
            .refuses(
                &signed(json!(other)),
                Code::IdTokenInvalid,
                "`at_hash` belongs to another access token",
            )
            .await;
        let foreign = if name.ends_with("256") {
            Algorithm::Rs512
        } else {
            Algorithm::Rs256
        };
        let foreign = foreign.access_token_hash(ACCESS_TOKEN);
        setting
            .refuses(&signed(json!(foreign)), Code::IdTokenInvalid, "`at_hash`")
            .await;
        setting
            .refuses(
                &signed(json!(format!("{hash}="))),
                Code::IdTokenInvalid,
                "`at_hash`",
            )
            .await;
        setting
            .refuses(
                &signed(json!(7)),
                Code::IdTokenInvalid,
                "`at_hash` is not a string",
            )
            .await;
    }
    let absent = token(&without(claims(), "at_hash"));
    assert!(setting.verify(&absent).await.is_ok());
}

#[tokio::test]
async fn a_subject_is_a_visible_string_of_at_most_255_characters() {
    refuse_each([
        ("sub", None, "`sub` is missing"),
        ("sub", Some(json!("")), "`sub` is empty"),
        ("sub", Some(json!("  ")), "`sub` is empty"),
        (
            "sub",
            Some(json!("a".repeat(256))),
            "`sub` is longer than 255",
        ),
        ("sub", Some(json!(12345)), "`sub` is not a string"),
        ("sub", Some(json!(null)), "`sub` is not a string"),
        (
            "sub",
            Some(json!("ada\u{202E}")),
            "`sub` has characters that cannot be seen",
        ),
        (
            "sub",
            Some(json!("ada\0")),
            "`sub` has characters that cannot be seen",
        ),
    ])
    .await;
    accept_each([
        ("sub", Some(json!("a".repeat(255)))),
        ("sub", Some(json!("Ünï codé"))),
    ])
    .await;
}

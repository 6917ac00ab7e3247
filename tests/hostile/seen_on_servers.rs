//! What servers that people run were seen to do. None of it is an attack, and none of it may cost a session.

use std::time::Duration;

use doorkey_core::{ApiRequest, Code, SignOutStep};
use doorkey_double::{Answer, Endpoint};
use serde_json::Value;

use crate::scene::Scene;

/// Longer than the tokens last: whoever asks for this gets a new one.
const LONG: Duration = Duration::from_secs(1_000_000);

#[tokio::test]
async fn a_revocation_refused_to_public_clients_does_not_keep_anybody_signed_in() {
    let scene = Scene::new().await;
    let session = scene.session().await;
    scene.provider.bend(Endpoint::Revocation, |_, _| {
        Answer::error("invalid_client").with_status(401)
    });
    let report = session.sign_out(None).await;
    assert!(report.local.is_done(), "{report:?}");
    let SignOutStep::Failed(error) = &report.revoked else {
        panic!("{:?}", report.revoked);
    };
    assert!(error.message().contains("401"), "{error:?}");
    assert_eq!(scene.count(Endpoint::Revocation), 1);
    assert!(scene.store.names().is_empty());
}

#[tokio::test]
async fn without_a_revocation_endpoint_there_is_nothing_to_ask() {
    let scene = Scene::new().await;
    scene.provider.metadata(|metadata| {
        metadata.remove("revocation_endpoint");
    });
    let report = scene.session().await.sign_out(None).await;
    assert!(report.local.is_done(), "{report:?}");
    assert!(
        matches!(report.revoked, SignOutStep::Skipped(_)),
        "{:?}",
        report.revoked
    );
    assert_eq!(scene.count(Endpoint::Revocation), 0);
}

#[tokio::test]
async fn an_error_of_its_own_with_403_ends_the_sign_in_with_its_word() {
    let scene = Scene::new().await;
    scene.provider.bend(Endpoint::Token, |_, _| {
        Answer::error("invalid_code").with_status(403)
    });
    let (_, result) = scene.pending().await.arrives().await;
    let error = result.expect_err("no session");
    assert_eq!(error.code(), Code::TokenRequestRefused);
    assert!(error.message().contains("invalid_code"), "{error:?}");
    assert_eq!(scene.count(Endpoint::Token), 1);
}

#[tokio::test]
async fn a_refusal_without_a_word_is_not_taken_for_the_end_of_the_session() {
    let scene = Scene::new().await;
    let session = scene.session().await;
    scene
        .provider
        .replace(Endpoint::Token, |_| Answer::status(400));
    let error = session.access_token(LONG).await.expect_err("no token");
    assert_ne!(error.code(), Code::SessionEnded, "{error:?}");
    // The provider comes to its senses, and the session goes on.
    scene.provider.straighten(Endpoint::Token);
    session.refresh().await.expect("to refresh");
    assert_eq!(
        session
            .call(ApiRequest::get("me"))
            .await
            .expect("an answer")
            .status,
        200
    );
}

#[tokio::test]
async fn a_page_to_sign_in_at_is_no_metadata() {
    let scene = Scene::new().await;
    scene.provider.bend(Endpoint::Metadata, |_, _| {
        Answer::bytes("text/html", "<!doctype html><title>Sign in</title>")
    });
    let error = scene
        .doorkey()
        .begin(&scene.profile)
        .await
        .expect_err("no metadata");
    assert_eq!(error.code(), Code::MetadataInvalid);
    assert!(error.message().contains("other than JSON"), "{error:?}");
    // The other address was tried as well.
    assert_eq!(
        scene.provider.asked(Endpoint::Elsewhere)[0].path,
        "/.well-known/oauth-authorization-server"
    );
}

#[tokio::test]
async fn d22_a_refresh_without_an_id_token_keeps_the_earlier_one() {
    let scene = Scene::new().await;
    let session = scene.session().await;
    let first = session.id_token().await.expect("an ID token");
    scene.provider.bend(Endpoint::Token, |_, answer| {
        answer.with_members(|members| {
            members.remove("id_token");
        })
    });
    session.refresh().await.expect("to refresh");
    assert_eq!(session.id_token().await.expect("an ID token"), first);
    assert_eq!(session.info().account.name(), Some("Ada Moreno"));
}

#[tokio::test]
async fn a_family_that_ends_at_the_second_use_survives_many_callers_at_once() {
    let scene = Scene::new().await;
    let first = scene.session().await;
    // Four programs on one keychain, each with a token that has expired.
    let mut asking = tokio::task::JoinSet::new();
    for _ in 0..4 {
        let restored = scene.doorkey().restore(&scene.profile).await;
        let session = restored.expect("to restore").expect("a session");
        asking.spawn(async move { session.access_token(LONG).await.map(drop) });
    }
    for outcome in asking.join_all().await {
        // None of them is signed out; a token that lasts so long is not to be had.
        if let Err(error) = outcome {
            assert_ne!(error.code(), Code::SessionEnded, "{error:?}");
        }
    }
    assert_eq!(
        first
            .call(ApiRequest::get("me"))
            .await
            .expect("an answer")
            .status,
        200
    );
    let presented: Vec<_> = scene
        .provider
        .asked(Endpoint::Token)
        .iter()
        .map(|request| request.field("refresh_token"))
        .filter(|token| !token.is_empty())
        .collect();
    let mut once = presented.clone();
    once.sort();
    once.dedup();
    assert_eq!(once.len(), presented.len(), "one was presented twice");
}

#[tokio::test]
async fn scopes_in_a_list_and_members_that_nobody_knows_cost_no_sign_in() {
    let scene = Scene::new().await;
    scene.provider.bend(Endpoint::Token, |_, answer| {
        answer.with_members(|members| {
            members.insert("ext_expires_in".to_owned(), 7200.into());
            members.insert("expires_in".to_owned(), "3599".into());
            members.insert("not_before_policy".to_owned(), Value::Null);
        })
    });
    assert!(scene.session().await.info().expires_at.is_some());
}

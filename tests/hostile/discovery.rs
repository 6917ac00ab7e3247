//! B: metadata, and servers that send elsewhere, send too much, or never end.

use std::time::Duration;

use doorkey_core::{Code, Profile};
use doorkey_double::{Answer, Endpoint, Recorder};
use serde_json::json;

use crate::scene::Scene;

/// The code of the error that beginning a sign-in ends with. No browser is opened for it.
async fn begins_with(scene: &Scene) -> Code {
    let begun = scene.doorkey().begin(&scene.profile).await;
    begun.expect_err("no sign-in").code()
}

#[tokio::test]
async fn b04_an_issuer_without_encryption_is_refused_before_any_packet() {
    let name = "work".parse().expect("a name");
    for issuer in ["http://login.example.com", "http://192.0.2.1"] {
        let refused = Profile::for_issuer(&name, issuer, "abc").expect_err("no profile");
        assert_eq!(refused.code(), Code::InsecureEndpoint, "{issuer}");
    }
    for issuer in [
        "http://127.0.0.1:4180",
        "http://localhost:4180",
        "http://[::1]:4180",
    ] {
        assert!(
            Profile::for_issuer(&name, issuer, "abc").is_ok(),
            "{issuer}"
        );
    }
}

#[tokio::test]
async fn b09_b10_metadata_is_not_followed_to_anywhere() {
    for status in [301, 302, 303, 307, 308] {
        let scene = Scene::new().await;
        let recorder = Recorder::start().await.expect("a port");
        let same_origin = format!("{}/moved", scene.provider.issuer());
        for target in [recorder.origin().to_owned(), same_origin] {
            scene.provider.straighten(Endpoint::Metadata);
            scene.provider.bend(Endpoint::Metadata, move |_, _| {
                Answer::redirect(status, &target)
            });
            let error = scene.doorkey().begin(&scene.profile).await;
            let error = error.expect_err("no sign-in");
            assert_eq!(error.code(), Code::MetadataInvalid, "{status}");
            assert!(error.message().contains("redirects"), "{error:?}");
        }
        assert!(recorder.is_silent());
        let asked = scene.provider.asked(Endpoint::Elsewhere);
        assert!(asked.iter().all(|request| request.path != "/moved"));
    }
}

#[tokio::test]
async fn b14_an_answer_is_counted_as_it_comes_and_nothing_is_unpacked() {
    let scene = Scene::new().await;
    scene.provider.bend(Endpoint::Metadata, |request, answer| {
        let accepted = request.header("accept-encoding").unwrap_or_default();
        assert_eq!(accepted, "", "nothing compressed is asked for");
        answer
            .header("Content-Encoding", "gzip")
            .with_body([0x1f, 0x8b, 8, 0])
    });
    assert_eq!(begins_with(&scene).await, Code::MetadataInvalid);

    for endless in [false, true] {
        scene.provider.straighten(Endpoint::Metadata);
        scene.provider.bend(Endpoint::Metadata, move |_, answer| {
            let large = answer.with_body(vec![b' '; 2 * 1024 * 1024]);
            if endless { large.endless() } else { large }
        });
        assert_eq!(begins_with(&scene).await, Code::ResponseTooLarge);
    }
}

#[tokio::test]
async fn b22_without_keys_nobody_is_signed_in_and_nothing_is_kept() {
    for answer in [
        Answer::status(503),
        Answer::status(404),
        Answer::lost(),
        Answer::json(&json!({ "keys": [] })),
        Answer::bytes("text/html", "<title>Sign in</title>"),
    ] {
        let scene = Scene::new().await;
        scene
            .provider
            .replace(Endpoint::Keys, move |_| answer.clone());
        scene.fails().await;
        assert_eq!(scene.count(Endpoint::Userinfo), 0);
    }
}

#[tokio::test]
async fn b23_a_rotated_key_is_fetched_once() {
    let scene = Scene::new().await;
    let session = scene.session().await;
    assert_eq!(scene.count(Endpoint::Keys), 1);
    scene.provider.rotate_key();
    session.refresh().await.expect("to refresh");
    // Another engine has no keys yet; this one had the old ones.
    assert!(scene.count(Endpoint::Keys) <= 3);
    assert_eq!(session.info().account.name(), Some("Ada Moreno"));
}

#[tokio::test]
async fn b32_what_the_metadata_says_later_does_not_count_for_this_attempt() {
    let scene = Scene::new().await;
    let recorder = Recorder::start().await.expect("a port");
    let waiting = scene.pending().await;
    let elsewhere = recorder.origin().to_owned();
    scene.provider.metadata(move |metadata| {
        metadata.insert(
            "token_endpoint".to_owned(),
            format!("{elsewhere}/token").into(),
        );
        metadata.insert("jwks_uri".to_owned(), format!("{elsewhere}/jwks").into());
    });
    let (_, session) = waiting.arrives().await;
    session.expect("a session");
    assert!(recorder.is_silent());
}

/// One byte now and then keeps a connection alive, and would keep a client waiting for as long as it lasts.
#[tokio::test]
async fn b38_c58_an_answer_that_drips_is_given_up_in_all() {
    let drips = |answer: Answer| answer.endless().dripping(1, Duration::from_secs(1));
    let (metadata, token) = tokio::join!(Scene::new(), Scene::new());
    metadata
        .provider
        .bend(Endpoint::Metadata, move |_, answer| drips(answer));
    token
        .provider
        .bend(Endpoint::Token, move |_, answer| drips(answer));
    let (metadata, token) = tokio::join!(begins_with(&metadata), token.fails());
    assert_eq!(
        (metadata, token),
        (Code::NetworkTimeout, Code::NetworkTimeout)
    );
}

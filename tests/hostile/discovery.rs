//! B: metadata, and servers that send elsewhere, send too much, or never end.

use doorkey_core::{Code, Profile};
use doorkey_double::{Answer, Encoding, Endpoint, Recorder};
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
    for encoding in Encoding::ALL {
        // It is right, and four megabytes long once it is unpacked.
        let packed = move |answer: Answer| answer.padded(4 * 1024 * 1024).encoded(encoding);
        for (endpoint, code) in [
            (Endpoint::Token, Code::TokenResponseInvalid),
            (Endpoint::Keys, Code::MetadataInvalid),
        ] {
            let scene = Scene::new().await;
            scene
                .provider
                .bend(endpoint, move |_, answer| packed(answer));
            assert_eq!(scene.fails().await, code, "{encoding:?} {endpoint:?}");
        }
        let scene = Scene::new().await;
        scene.provider.claims(|claims| drop(claims.remove("name")));
        scene
            .provider
            .bend(Endpoint::Userinfo, move |_, answer| packed(answer));
        scene.session().await;
        assert_eq!(scene.count(Endpoint::Userinfo), 1, "{encoding:?}");
        let asked = scene.provider.server().requests();
        let accepted =
            |request: &doorkey_double::Request| request.header("accept-encoding").is_some();
        assert!(!asked.iter().any(accepted), "nothing packed is asked for");

        scene
            .provider
            .bend(Endpoint::Metadata, move |_, answer| packed(answer));
        assert_eq!(begins_with(&scene).await, Code::MetadataInvalid);
    }

    let scene = Scene::new().await;
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
    let doorkey = scene.doorkey();
    let session = scene.session_by(&doorkey).await;
    assert_eq!(scene.count(Endpoint::Keys), 1);
    // Between a sign-in and a refresh, and between two sign-ins.
    scene.provider.rotate_key();
    session.refresh().await.expect("to refresh");
    assert_eq!(scene.count(Endpoint::Keys), 2);
    scene.provider.rotate_key();
    let session = scene.session_by(&doorkey).await;
    assert_eq!(scene.count(Endpoint::Keys), 3);
    assert_eq!(session.info().account.name(), Some("Ada Moreno"));
}

#[tokio::test]
async fn b23_c50_a_key_that_goes_when_it_has_signed_costs_what_it_must() {
    let scene = Scene::new().await;
    let doorkey = scene.doorkey();
    // The keys did not come while the person was in the browser, and are others when they do: nobody is signed in.
    scene
        .provider
        .replace_once(Endpoint::Keys, |_| Answer::status(503));
    scene.provider.rotate_key_after_signing();
    let sign_in = doorkey.begin(&scene.profile).await.expect("to begin");
    scene.provider.server().asked(2).await;
    assert_eq!(scene.count(Endpoint::Keys), 1);
    let (_, result) = scene.agreed(sign_in).arrives().await;
    assert_eq!(result.expect_err("no key").code(), Code::IdTokenInvalid);
    assert!(scene.count(Endpoint::Keys) <= 3);
    assert!(scene.store.names().is_empty());
    // A new attempt is well.
    let session = scene.session_by(&doorkey).await;

    // Whoever has the key already needs no other.
    let asked = scene.count(Endpoint::Keys);
    scene.provider.rotate_key_after_signing();
    session.refresh().await.expect("to refresh");
    assert_eq!(scene.count(Endpoint::Keys), asked);
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

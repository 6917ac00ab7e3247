//! H: signing out, with whatever comes in between.

use std::time::Duration;

use doorkey_core::{ApiRequest, Code, SignOutReport, SignOutStep};
use doorkey_double::{Answer, Endpoint, Gate, Recorder, Revocation};

use crate::scene::Scene;

#[tokio::test]
async fn h01_a_refresh_that_ends_after_the_sign_out_brings_nobody_back() {
    let scene = Scene::new().await;
    let session = scene.session().await;
    let renewed = Gate::new();
    let held = renewed.clone();
    scene
        .provider
        .bend(Endpoint::Token, move |_, answer| answer.held(&held));
    let refreshing = tokio::spawn({
        let session = session.clone();
        async move { session.refresh().await }
    });
    renewed.reached().await;
    let report = session.sign_out(None).await;
    assert!(report.local.is_done());
    renewed.open();
    assert!(refreshing.await.expect("an end").is_err());
    assert!(scene.store.names().is_empty());
    // The tokens that came too late were given back.
    let revoked = scene.provider.asked(Endpoint::Revocation);
    assert_eq!(revoked.len(), 2, "the old one and the new one");
    assert_ne!(revoked[0].field("token"), revoked[1].field("token"));
    for request in revoked {
        assert!(!scene.provider.takes(&request.field("token")));
    }
    let restored = scene.doorkey().restore(&scene.profile).await;
    assert!(restored.expect("to look").is_none());
}

#[tokio::test]
async fn h03_a_call_that_is_refused_after_the_sign_out_renews_nothing() {
    let scene = Scene::new().await;
    let session = scene.session().await;
    let refused = Gate::new();
    let held = refused.clone();
    scene.provider.bend(Endpoint::Api, move |_, _| {
        Answer::challenge(401, "Bearer error=\"invalid_token\"").held(&held)
    });
    let calling = tokio::spawn({
        let session = session.clone();
        async move { session.call(ApiRequest::get("me")).await }
    });
    refused.reached().await;
    session.sign_out(None).await;
    refused.open();
    // Refused or broken off, it ends without a token.
    let _ = calling.await.expect("an end");
    assert_eq!(scene.count(Endpoint::Token), 1);
    assert!(scene.store.names().is_empty());
}

#[tokio::test]
async fn h04_a_sign_in_that_is_given_up_takes_no_answer() {
    let scene = Scene::new().await;
    let pending = scene.pending().await;
    pending.finished.abort();
    assert!(pending.finished.await.is_err());
    assert_eq!(pending.callback.send().await.status, 0);
    assert_eq!(scene.count(Endpoint::Token), 0);
}

#[tokio::test]
async fn h06_h08_whatever_the_provider_says_nobody_is_signed_in_any_more() {
    let recorder = Recorder::start().await.expect("a port");
    let elsewhere = recorder.origin().to_owned();
    for (answer, done) in [
        (Answer::status(200), true),
        (Answer::error("unsupported_token_type"), false),
        (Answer::status(404), false),
        (Answer::status(503).header("Retry-After", "3600"), false),
        (
            Answer::bytes("text/html", "<title>x</title>").with_status(500),
            false,
        ),
        (Answer::redirect(302, &elsewhere), false),
        (Answer::lost(), false),
        (Answer::status(200).held(&Gate::new()), false),
    ] {
        let scene = Scene::new().await;
        let session = scene.session().await;
        let shown = format!("{answer:?}");
        scene
            .provider
            .replace(Endpoint::Revocation, move |_| answer.clone());
        let report = session.sign_out(None).await;
        assert!(report.local.is_done(), "{shown}");
        assert_eq!(report.revoked.is_done(), done, "{shown}");
        assert!(scene.store.names().is_empty(), "{shown}");
        assert!(session.access_token(Duration::ZERO).await.is_err());
    }
    assert!(recorder.is_silent());
}

#[tokio::test]
async fn h08_the_token_that_lives_longest_is_revoked_whatever_else_ends_with_it() {
    for (revocation, ends) in [
        (Revocation::WholeGrant, true),
        (Revocation::TokenOnly, true),
        // It cannot be told from the outside. What is forgotten here is forgotten all the same.
        (Revocation::InNameOnly, false),
    ] {
        let scene = Scene::new().await;
        scene.provider.revocation(revocation);
        let session = scene.session().await;
        assert!(session.sign_out(None).await.revoked.is_done());
        let [asked] = &scene.provider.asked(Endpoint::Revocation)[..] else {
            panic!("{revocation:?}: one request");
        };
        assert_eq!(asked.field("token_type_hint"), "refresh_token");
        let taken = scene.provider.takes(&asked.field("token"));
        assert_eq!(taken, !ends, "{revocation:?}");
        assert!(scene.store.names().is_empty(), "{revocation:?}");
        let restored = scene.doorkey().restore(&scene.profile).await;
        assert!(restored.expect("to look").is_none(), "{revocation:?}");
    }
}

#[tokio::test]
async fn h12_h18_only_a_safe_address_is_opened_to_end_the_session() {
    for (address, opens) in [
        (None, false),
        (Some("javascript:alert(1)"), false),
        (Some("http://login.example.com/logout"), false),
        (Some("file:///etc/passwd"), false),
        (Some("SAME/logout"), true),
    ] {
        let scene = Scene::new().await;
        let issuer = scene.provider.issuer().to_owned();
        scene.provider.metadata(move |metadata| {
            metadata.remove("end_session_endpoint");
            if let Some(address) = address {
                let address = address.replace("SAME", &issuer);
                metadata.insert("end_session_endpoint".to_owned(), address.into());
            }
        });
        let session = scene.session().await;
        let opened = std::sync::Mutex::new(Vec::new());
        let browser = |url: &url::Url| -> doorkey_core::Result<()> {
            opened.lock().expect("what was opened").push(url.clone());
            Ok(())
        };
        let report = session.sign_out(Some(&browser)).await;
        assert!(report.local.is_done());
        let opened = opened.into_inner().expect("what was opened");
        assert_eq!(opened.len(), usize::from(opens), "{address:?}: {report:?}");
        if let Some(url) = opened.first() {
            // The hint is a token, and a browser's arguments are for everybody to see.
            assert!(matches!(url.scheme(), "http" | "https"), "{url}");
            assert!(!url.as_str().contains("eyJ"), "{url}");
        } else {
            assert!(matches!(report.session_ended, SignOutStep::Skipped(_)));
        }
    }
}

#[tokio::test]
async fn h20_who_signs_out_elsewhere_is_signed_out_here_before_the_next_use() {
    let scene = Scene::new().await;
    let here = scene.session().await;
    let elsewhere = scene.doorkey().restore(&scene.profile).await;
    let elsewhere = elsewhere.expect("to restore").expect("a session");
    elsewhere.sign_out(None).await;
    let error = here.call(ApiRequest::get("me")).await.expect_err("nobody");
    assert_eq!(error.code(), Code::SessionEnded);
    assert_eq!(scene.count(Endpoint::Api), 0);
    assert!(scene.store.names().is_empty());
}

#[tokio::test]
async fn h24_nothing_of_one_person_is_left_for_the_next() {
    let scene = Scene::new().await;
    let first = scene.session().await;
    assert_eq!(first.info().account.email(), Some("ada@example.com"));
    first.sign_out(None).await;
    scene.provider.claims(|claims| {
        claims.insert("sub".to_owned(), "grace".into());
        claims.insert("name".to_owned(), "Grace".into());
        claims.remove("email");
    });
    scene
        .provider
        .replace(Endpoint::Userinfo, |_| Answer::status(404));
    let second = scene.session().await;
    let account = second.info().account;
    assert_eq!(
        (account.subject(), account.name()),
        (Some("grace"), Some("Grace"))
    );
    assert_eq!(account.email(), None);
}

/// A browser's request, whose redirect the test follows itself.
async fn get(url: &url::Url) -> reqwest::Result<reqwest::Response> {
    let client = reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .build()?;
    client.get(url.clone()).send().await
}

/// What a browser that follows the first step of ending the provider's session is sent to.
async fn ending(url: &url::Url) -> url::Url {
    let answer = get(url).await.expect("an answer");
    let location = answer.headers()["location"].to_str().expect("a location");
    location.parse().expect("an address")
}

/// The status that a browser gets to see; none if nobody answers.
async fn visit(url: &url::Url) -> Option<u16> {
    let answer = get(url).await.ok()?;
    Some(answer.status().as_u16())
}

/// Signs out with a browser that is sent on once, and gives the address that it is sent to.
async fn sign_out(session: &doorkey_core::Session) -> (SignOutReport, url::Url) {
    let (sender, receiver) = tokio::sync::oneshot::channel();
    let sender = std::sync::Mutex::new(Some(sender));
    let browser = |url: &url::Url| -> doorkey_core::Result<()> {
        let sender = sender.lock().expect("the browser").take();
        let sent = sender.map(|sender| sender.send(url.clone()));
        assert!(matches!(sent, Some(Ok(()))), "one page");
        Ok(())
    };
    tokio::join!(session.sign_out(Some(&browser)), async {
        ending(&receiver.await.expect("a page")).await
    })
}

#[tokio::test]
async fn h14_h16_h17_nobody_waits_for_a_browser_to_come_back_from_signing_out() {
    let scene = Scene::new().await;
    let session = scene.session().await;
    let (report, ending) = sign_out(&session).await;
    assert!(report.session_ended.is_done(), "{report:?}");
    assert_eq!(ending.path(), "/logout");
    let asked: std::collections::HashMap<_, _> = ending.query_pairs().into_owned().collect();
    assert!(asked["id_token_hint"].starts_with("eyJ"));
    assert_eq!(asked["client_id"], doorkey_double::CLIENT);
    // There is no address to come back to, so that none can be forged, and none stays open.
    assert!(!asked.contains_key("post_logout_redirect_uri"));
    assert!(!asked.contains_key("state"));
    assert!(scene.store.names().is_empty());
}

#[tokio::test]
async fn h12_h14_h16_whatever_becomes_of_the_browser_at_the_provider_the_person_is_signed_out() {
    let never = Gate::new();
    for (answer, status) in [
        // The hint is a token of its own making, so that it need not ask.
        (None, Some(200)),
        (Some(Answer::error("invalid_request")), Some(400)),
        (
            Some(Answer::redirect(302, "http://127.0.0.1:9/?state=another")),
            Some(302),
        ),
        (Some(Answer::lost()), None),
        (Some(Answer::status(200).held(&never)), None),
    ] {
        let scene = Scene::new().await;
        let session = scene.session().await;
        let shown = format!("{answer:?}");
        if let Some(answer) = answer {
            scene
                .provider
                .replace(Endpoint::EndSession, move |_| answer.clone());
        }
        let (report, ending) = sign_out(&session).await;
        assert!(report.local.is_done() && report.revoked.is_done());
        assert!(report.session_ended.is_done(), "{shown}");
        assert_eq!(
            scene.count(Endpoint::EndSession),
            0,
            "that is the browser's"
        );
        tokio::select! {
            found = visit(&ending) => assert_eq!(found, status, "{shown}"),
            () = never.reached() => assert_eq!(status, None, "{shown}"),
        }
        let restored = scene.doorkey().restore(&scene.profile).await;
        assert!(restored.expect("to look").is_none(), "{shown}");
        // Signing in again is a new session, and none of the old one is in its way.
        scene.session().await;
    }
}

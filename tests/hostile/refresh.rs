//! D: renewing tokens when providers, keychains and clocks do what they should not.

use std::time::Duration;

use doorkey_core::{ApiRequest, Code, Session, Step, StepKind};
use doorkey_double::{Answer, Endpoint, Gate, Recorder, Reuse};
use doorkey_tests::doubles::Time;
use tokio::task::JoinSet;

use crate::scene::{Counter, Scene};

const HOUR: Duration = Duration::from_secs(3600);

async fn is_alive(session: &Session) {
    let answer = session.call(ApiRequest::get("me")).await;
    assert_eq!(answer.expect("an answer").status, 200);
}

#[tokio::test]
async fn d02_all_who_wait_are_told_the_same_and_nobody_storms() {
    let scene = Scene::new().await;
    let clock = Time::still();
    let session = scene.session_by(&scene.doorkey_by(&clock)).await;
    scene
        .provider
        .replace(Endpoint::Token, |_| Answer::status(500));
    clock.advance(2 * HOUR);
    let before = scene.count(Endpoint::Token);
    let mut waiting = JoinSet::new();
    for _ in 0..100 {
        let session = session.clone();
        waiting.spawn(async move { session.access_token(Duration::ZERO).await.map(drop) });
    }
    for outcome in waiting.join_all().await {
        assert_eq!(outcome.expect_err("no token").code(), Code::Unavailable);
    }
    assert_eq!(scene.count(Endpoint::Token), before + 1);
    // Whoever asks again at once is told the same; a moment later it is tried again.
    assert!(session.access_token(Duration::ZERO).await.is_err());
    assert_eq!(scene.count(Endpoint::Token), before + 1);
    scene.provider.straighten(Endpoint::Token);
    scene.refresh_without_id_token();
    clock.advance(Duration::from_secs(2));
    is_alive(&session).await;
}

#[tokio::test]
async fn d04_a_refresh_that_dies_leaves_the_next_one_free() {
    let scene = Scene::new().await;
    let counter = Counter::default();
    let doorkey = scene.doorkey().observed(move |step: Step| {
        assert!(
            step.kind != StepKind::RefreshRequest || counter.next() > 1,
            "the observer breaks"
        );
    });
    let session = scene.session_by(&doorkey).await;
    let error = session.refresh().await.expect_err("it died");
    assert_ne!(error.code(), Code::SessionEnded, "{error:?}");
    session.refresh().await.expect("to refresh");
    is_alive(&session).await;
}

#[tokio::test]
async fn d06_a_refresh_token_that_is_not_replaced_is_used_again() {
    let scene = Scene::new().await;
    scene.provider.keep_refresh_tokens();
    let session = scene.session().await;
    for value in [None, Some("")] {
        scene.provider.straighten(Endpoint::Token);
        scene.provider.bend(Endpoint::Token, move |_, answer| {
            answer.with_members(|members| {
                assert!(!members.contains_key("refresh_token"));
                if let Some(value) = value {
                    members.insert("refresh_token".to_owned(), value.into());
                }
            })
        });
        session.refresh().await.expect("to refresh");
        is_alive(&session).await;
    }
    let presented: Vec<_> = scene
        .provider
        .asked(Endpoint::Token)
        .iter()
        .map(|request| request.field("refresh_token"))
        .filter(|token| !token.is_empty())
        .collect();
    assert_eq!(presented.len(), 2);
    assert_eq!(presented[0], presented[1]);
}

#[tokio::test]
async fn d07_a_rotation_whose_answer_was_lost_is_tried_once_more() {
    for (reuse, forgiven) in [
        (Reuse::TakenFor(HOUR), true),
        // The window was over before the second question came.
        (Reuse::TakenFor(Duration::ZERO), false),
        (Reuse::Refused, false),
        (Reuse::EndsFamily, false),
    ] {
        let scene = Scene::new().await;
        scene.provider.reuse(reuse);
        let session = scene.session().await;
        scene
            .provider
            .bend_once(Endpoint::Token, |_, _| Answer::lost());
        let refreshed = session.refresh().await;
        assert_eq!(scene.count(Endpoint::Token), 3, "code, lost, once more");
        if forgiven {
            refreshed.expect("to refresh");
            is_alive(&session).await;
        } else {
            assert_eq!(refreshed.expect_err("ended").code(), Code::SessionEnded);
            assert!(scene.store.names().is_empty(), "{reuse:?}");
        }
    }
}

/// The program dies with what it could not store, and another one begins with what was stored.
#[tokio::test]
async fn d13_a_keychain_that_fails_at_any_change_of_a_refresh_costs_nobody_their_session() {
    let scene = Scene::new().await;
    scene.provider.reuse(Reuse::TakenFor(HOUR));
    // More than one item takes.
    scene
        .provider
        .claims(|claims| drop(claims.insert("groups".to_owned(), "g".repeat(6_000).into())));
    let mut session = scene.session().await;
    assert!(scene.store.names().len() > 2, "{:?}", scene.store.names());
    let before = scene.store.changes();
    session.refresh().await.expect("to refresh");
    let changes = scene.store.changes() - before;
    for failing in 0..=changes {
        scene.store.fill_after(failing);
        session.refresh().await.expect("to refresh");
        scene.store.mend();
        let restored = scene.doorkey().restore(&scene.profile).await;
        session = restored.expect("to restore").expect("a session");
        let refreshed = scene.count(Endpoint::Token);
        is_alive(&session).await;
        // The double takes the newest access token only: what was stored needs no refresh.
        let again = scene.count(Endpoint::Token) - refreshed;
        assert!(again <= 1, "{failing} of {changes}");
        if failing == 0 || failing == changes {
            assert_eq!(again, usize::from(failing == 0), "{failing} of {changes}");
        }
    }
}

#[tokio::test]
async fn d16_d18_what_stands_in_between_signs_nobody_out() {
    for answer in [
        Answer::bytes("text/html", "<title>Hotel</title>"),
        Answer::bytes("text/html", "<title>Blocked</title>").with_status(403),
        Answer::bytes("text/html", "<title>Blocked: invalid_grant</title>").with_status(400),
        Answer::redirect(302, "http://hotel.example/"),
        Answer::status(511),
        Answer::lost(),
    ] {
        let scene = Scene::new().await;
        let session = scene.session().await;
        let shown = format!("{answer:?}");
        scene
            .provider
            .replace(Endpoint::Token, move |_| answer.clone());
        let error = session.refresh().await.expect_err("no token");
        assert_ne!(error.code(), Code::SessionEnded, "{shown}");
        scene.provider.straighten(Endpoint::Token);
        session.refresh().await.expect("to refresh");
        is_alive(&session).await;
    }
}

#[tokio::test]
async fn d20_a_refreshed_token_of_somebody_else_is_never_used() {
    for (name, value, code) in [
        ("sub", "mallory", Code::IdTokenInvalid),
        ("iss", "https://evil.example", Code::IssuerMismatch),
    ] {
        let scene = Scene::new().await;
        let session = scene.session().await;
        scene
            .provider
            .claims(move |claims| drop(claims.insert(name.to_owned(), value.into())));
        let asked = scene.count(Endpoint::Userinfo);
        let error = session.refresh().await.expect_err("refused");
        assert_eq!(error.code(), code, "{name}");
        assert_eq!(scene.count(Endpoint::Userinfo), asked);
        assert_eq!(scene.count(Endpoint::Api), 0);
        assert_eq!(session.info().account.name(), Some("Ada Moreno"));
    }
}

/// Neither the request nor its connection ends, as when a computer sleeps through them. The deadline goes on after waking.
#[tokio::test]
async fn d25_a_refresh_whose_answer_never_comes_is_given_up_and_asked_once_more() {
    let scene = Scene::new().await;
    scene.provider.reuse(Reuse::TakenFor(HOUR));
    let session = scene.session().await;
    scene
        .provider
        .bend_once(Endpoint::Token, |_, answer| answer.after(HOUR));
    session.refresh().await.expect("to refresh");
    assert_eq!(scene.count(Endpoint::Token), 3, "code, stalled, once more");
    is_alive(&session).await;
}

#[tokio::test]
async fn d26_a_clock_that_jumps_costs_one_refresh_at_most() {
    const DAY: Duration = Duration::from_secs(24 * 3600);
    for (jump, refreshes) in [(10 * 365 * DAY, 1), (HOUR / 60, 0)] {
        let scene = Scene::new().await;
        scene.refresh_without_id_token();
        let clock = Time::still();
        let session = scene.session_by(&scene.doorkey_by(&clock)).await;
        clock.advance(jump);
        for _ in 0..3 {
            is_alive(&session).await;
        }
        assert_eq!(scene.count(Endpoint::Token), 1 + refreshes, "{jump:?}");
    }
    let scene = Scene::new().await;
    let clock = Time::still();
    let session = scene.session_by(&scene.doorkey_by(&clock)).await;
    clock.set_back(DAY);
    for _ in 0..3 {
        is_alive(&session).await;
    }
    assert_eq!(scene.count(Endpoint::Token), 1);
}

#[tokio::test]
async fn d28_tokens_that_come_expired_do_not_make_a_loop() {
    let scene = Scene::new().await;
    scene.provider.set_lifetime(0);
    let session = scene.session().await;
    is_alive(&session).await;
    is_alive(&session).await;
    assert!(scene.count(Endpoint::Token) <= 3);
}

#[tokio::test]
async fn d36_d39_what_is_no_longer_kept_is_no_longer_used() {
    let scene = Scene::new().await;
    let session = scene.session().await;
    for name in scene.store.names() {
        assert!(scene.store.take(&name).is_some());
    }
    let error = session.refresh().await.expect_err("nobody is signed in");
    assert_eq!(error.code(), Code::SessionEnded);
    assert_eq!(scene.count(Endpoint::Token), 1, "only the code");
    let restored = scene.doorkey().restore(&scene.profile).await;
    assert!(restored.expect("to look").is_none());
}

#[tokio::test]
async fn d39_tokens_of_one_provider_are_never_sent_to_another() {
    let scene = Scene::new().await;
    scene.session().await;
    let recorder = Recorder::start().await.expect("a port");
    for lines in [
        format!(
            "issuer = \"{}\"\nclient_id = \"doorkey-test\"",
            recorder.origin()
        ),
        format!(
            "issuer = \"{}\"\nclient_id = \"another\"",
            scene.provider.issuer()
        ),
    ] {
        let changed = crate::scene::profile(&lines);
        let restored = scene.doorkey().restore(&changed).await;
        assert!(restored.expect("to look").is_none(), "{lines}");
    }
    assert!(recorder.is_silent());
}

#[tokio::test]
async fn d44_d46_a_refresh_token_that_is_over_is_asked_with_once() {
    let scene = Scene::new().await;
    let session = scene.session().await;
    scene.provider.revoke_everything();
    let asked = scene.count(Endpoint::Token);
    let error = session.refresh().await.expect_err("over");
    assert_eq!(error.code(), Code::SessionEnded);
    assert_eq!(scene.count(Endpoint::Token), asked + 1);
    for _ in 0..3 {
        assert!(session.access_token(Duration::ZERO).await.is_err());
    }
    assert_eq!(scene.count(Endpoint::Token), asked + 1);
    assert!(scene.store.names().is_empty());
}

#[tokio::test]
async fn d42_h02_what_happens_to_one_profile_is_nothing_to_another() {
    let scene = Scene::new().await;
    let doorkey = scene.doorkey();
    let other = scene
        .profile
        .clone()
        .named(&"other".parse().expect("a name"));
    let one = scene.session_by(&doorkey).await;
    let sign_in = doorkey.begin(&other).await.expect("to begin");
    let (_, two) = scene.agreed(sign_in).arrives().await;
    let two = two.expect("a session");
    let renewed = Gate::new();
    let held = renewed.clone();
    scene
        .provider
        .bend_once(Endpoint::Token, move |_, answer| answer.held(&held));
    let refreshing = tokio::spawn({
        let two = two.clone();
        async move { two.refresh().await }
    });
    renewed.reached().await;
    assert!(one.sign_out(None).await.local.is_done());
    renewed.open();
    refreshing.await.expect("an end").expect("to refresh");
    is_alive(&two).await;
    // The one is gone for good, and the other is what was renewed.
    let again = scene.doorkey();
    let gone = again.restore(&scene.profile).await.expect("to look");
    assert!(gone.is_none());
    let kept = again.restore(&other).await.expect("to look");
    is_alive(&kept.expect("a session")).await;
    assert_eq!(scene.count(Endpoint::Token), 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn d38_the_keychain_is_asked_one_thing_at_a_time() {
    let scene = Scene::new().await;
    scene.store.slow(Duration::from_millis(2));
    let doorkey = scene.doorkey();
    let mut busy = JoinSet::new();
    for number in 0..20 {
        let name = format!("profile-{number}").parse().expect("a name");
        let profile = scene.profile.clone().named(&name);
        let sign_in = doorkey.begin(&profile).await.expect("to begin");
        let pending = scene.agreed(sign_in);
        let doorkey = doorkey.clone();
        busy.spawn(async move {
            let (_, session) = pending.arrives().await;
            session?.refresh().await?;
            doorkey.restore(&profile).await.map(|kept| kept.is_some())
        });
    }
    for kept in busy.join_all().await {
        assert!(kept.expect("to be kept"));
    }
    assert!(scene.store.calls() >= 60);
    assert!(!scene.store.overlapped());
}

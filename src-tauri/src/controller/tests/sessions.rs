use std::time::{Duration, Instant};

use doorkey_idp::Config;
use doorkey_tests::agent::{Person, walk};

use super::app::{Place, sign_in, sign_out, steps};
use crate::request::Request;
use crate::tray::{Choice, Icon};
use crate::view::{ApiCall, SessionView, SignOutReport, SignOutStep};

fn get(path: &str) -> ApiCall {
    ApiCall {
        method: "GET".to_owned(),
        path: path.to_owned(),
        headers: Vec::new(),
        body: None,
    }
}

#[tokio::test]
async fn a_restart_restores_the_session_without_asking_anybody() {
    let place = Place::new().await;
    let mut app = place.start();
    app.sign_in().await;
    app.ask(Request::Quit).await;
    app.task.await.unwrap();
    assert_eq!(*app.seen.window.lock().unwrap(), ["raise", "hide", "quit"]);

    let mut again = place.start();
    again.when_signed_in().await;
    assert_eq!(again.states(), ["restoring", "signed in"]);
    assert!(again.opened.try_recv().is_err());
    assert!(
        again.seen.window.lock().unwrap().is_empty(),
        "nobody asked for the window"
    );
}

#[tokio::test]
async fn a_sign_out_tells_what_it_did() {
    let place = Place::new().await;
    let mut app = place.start();
    app.sign_in().await;
    app.ask(sign_out(false)).await;
    let view = app.when(|view| view.signed_out.is_some()).await;
    assert_eq!(view.session, SessionView::SignedOut);
    assert_eq!(
        view.signed_out.clone().unwrap(),
        SignOutReport {
            local: SignOutStep::Done,
            revoked: SignOutStep::Done,
            session_ended: SignOutStep::Skipped {
                reason: "It was not asked for.".to_owned()
            },
        }
    );
    let labels: Vec<_> = steps(&view)
        .iter()
        .map(|step| step.label.as_str())
        .collect();
    assert_eq!(
        labels,
        ["Forget the session", "Revoke the tokens", "Confirm"]
    );
    assert!(place.store.names().is_empty());
    assert_eq!(app.tray().icon, Icon::SignedOut);
    assert!(
        place
            .other()
            .restore(&place.profile("work"))
            .await
            .unwrap()
            .is_none()
    );
}

#[tokio::test]
async fn the_providers_own_session_ends_in_the_browser() {
    let place = Place::new().await;
    let mut app = place.start();
    app.sign_in().await;
    app.ask(sign_out(true)).await;
    let handoff = app.opened().await;
    assert_eq!(handoff.host_str(), Some("127.0.0.1"));
    walk(handoff, &Person::default()).await.unwrap();
    let view = app.when(|view| view.signed_out.is_some()).await;
    assert_eq!(view.signed_out.unwrap().session_ended, SignOutStep::Done);
}

#[tokio::test]
async fn a_sign_out_elsewhere_shows_within_two_seconds() {
    let place = Place::new().await;
    let mut app = place.start();
    app.sign_in().await;
    let other = place
        .other()
        .restore(&place.profile("work"))
        .await
        .unwrap()
        .unwrap();
    other.sign_out(None).await;
    let since = Instant::now();
    let view = app.when_signed_out().await;
    assert!(
        since.elapsed() < Duration::from_secs(2),
        "{:?}",
        since.elapsed()
    );
    assert_eq!(view.problem, None);
    assert_eq!(app.entry().1, Some(Choice::SignIn("work".to_owned())));
}

#[tokio::test]
async fn a_refresh_elsewhere_is_taken_over() {
    let place = Place::new().await;
    let mut app = place.start();
    app.sign_in().await;
    let generation = app.handle.view().token_generation;
    let other = place
        .other()
        .restore(&place.profile("work"))
        .await
        .unwrap()
        .unwrap();
    other.refresh().await.unwrap();
    app.when(|view| view.token_generation > generation).await;
    let refreshes = place.provider.counts();
    app.handle.call(get("/api/me")).await.unwrap();
    assert_eq!(
        place.provider.counts().refreshes,
        refreshes.refreshes,
        "the newer token was used"
    );
}

#[tokio::test]
async fn a_sign_in_elsewhere_is_found_when_the_window_is_looked_at() {
    let place = Place::new().await;
    let app = place.start();
    app.when_signed_out().await;
    let browser = |url: &url::Url| {
        let url = url.clone();
        tokio::spawn(async move { walk(url, &Person::default()).await });
        Ok(())
    };
    place
        .other()
        .sign_in(&place.profile("work"), &browser)
        .await
        .unwrap();
    app.ask(Request::WindowShown).await;
    app.when_signed_in().await;
}

#[tokio::test]
async fn each_profile_keeps_its_own_session() {
    let place = Place::new().await;
    let mut app = place.start();
    app.sign_in().await;
    let select = |name: &str| Request::SelectProfile {
        profile: name.to_owned(),
    };
    app.ask(select("home")).await;
    let view = app.when_signed_out().await;
    assert_eq!((view.selected.as_str(), steps(&view).len()), ("home", 0));
    app.ask(select("work")).await;
    assert!(matches!(
        app.handle.view().session,
        SessionView::SignedIn { .. }
    ));
    assert_eq!(
        app.handle.ask(select("nobody")).await.unwrap_err().code,
        "profile_not_found"
    );
    assert_eq!(
        app.handle.ask(select("../work")).await.unwrap_err().code,
        "profile_invalid"
    );
    assert_eq!(app.handle.view().selected, "work");
}

#[tokio::test]
async fn the_api_answers_and_the_call_is_shown() {
    let place = Place::new().await;
    let mut app = place.start();
    assert_eq!(
        app.handle.call(get("/api/me")).await.unwrap_err().code,
        "not_signed_in"
    );
    app.sign_in().await;
    let answer = app.handle.call(get("/api/me")).await.unwrap();
    assert_eq!(answer.status, 200);
    let body: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
    assert_eq!(body["name"], "Ada Moreno");
    let started = app
        .handle
        .call(ApiCall {
            method: "POST".to_owned(),
            path: "/api/v1/executions".to_owned(),
            headers: vec![("Content-Type".to_owned(), "application/json".to_owned())],
            body: Some("{\"workflow\":\"tides.forecast\"}".to_owned()),
        })
        .await
        .unwrap();
    assert_eq!(started.status, 201, "{}", started.body);
    let refused = app
        .handle
        .call(get("https://elsewhere.example/"))
        .await
        .unwrap_err();
    assert_eq!(refused.code, "origin_not_allowed");
    let view = app
        .when(|view| {
            steps(view)
                .last()
                .is_some_and(|step| step.label == "Answer")
        })
        .await;
    assert_eq!(
        steps(&view)
            .iter()
            .filter(|step| step.label == "Call the API")
            .count(),
        1
    );
}

#[tokio::test]
async fn a_refresh_is_shown() {
    let place = Place::new().await;
    let mut app = place.start();
    assert_eq!(
        app.handle.ask(Request::Refresh).await.unwrap_err().code,
        "not_signed_in"
    );
    app.sign_in().await;
    app.ask(Request::Refresh).await;
    app.when(|view| {
        steps(view)
            .first()
            .is_some_and(|step| step.label == "Present the refresh token")
    })
    .await;
    app.when(|view| {
        matches!(
            view.session,
            SessionView::SignedIn {
                refreshing: false,
                ..
            }
        )
    })
    .await;
    let refreshing = app.seen.views.lock().unwrap().iter().any(|view| {
        matches!(
            view.session,
            SessionView::SignedIn {
                refreshing: true,
                ..
            }
        )
    });
    assert!(refreshing);
}

#[tokio::test]
async fn a_session_that_the_provider_ended_expires() {
    let place = Place::with(Config {
        refresh_token_lifetime: Duration::ZERO,
        ..Config::default()
    })
    .await;
    let mut app = place.start();
    app.sign_in().await;
    app.ask(Request::Refresh).await;
    let view = app
        .when(|view| matches!(view.session, SessionView::Expired { .. }))
        .await;
    let SessionView::Expired {
        account,
        at,
        reason,
        ..
    } = view.session
    else {
        panic!("expired")
    };
    assert!(at > 0 && reason.ends_with('.'), "{reason}");
    assert_eq!(
        (account.name.as_str(), app.tray().icon),
        ("Ada Moreno", Icon::Attention)
    );
    // The way back is one press away.
    app.ask(sign_in()).await;
    app.walk(&Person::default()).await;
    app.when_signed_in().await;
}

#[tokio::test]
async fn quitting_drops_what_waits_and_refuses_what_comes_later() {
    let place = Place::new().await;
    let mut app = place.start();
    app.when_signed_out().await;
    app.ask(sign_in()).await;
    app.opened().await;
    let since = Instant::now();
    app.ask(Request::Quit).await;
    app.task.await.unwrap();
    assert!(
        since.elapsed() < Duration::from_secs(1),
        "a wait for the browser is not waited for"
    );
    assert_eq!(*app.seen.window.lock().unwrap(), ["hide", "quit"]);
    assert!(app.handle.ask(Request::Dismiss).await.is_err());
}

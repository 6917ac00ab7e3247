use std::time::Duration;

use doorkey_core::{ProfileSource, Profiles};
use doorkey_idp::{Config, DEMO_CLIENT_ID};
use doorkey_tests::agent::Person;

use super::app::{Place, sign_out};
use crate::request::{Request, Way};
use crate::tray::Choice;
use crate::view::{ProfileStands, SessionView, View};

/// A provider that gives nothing to renew a session with, and tokens that last so long.
async fn without_refresh(lifetime: Duration) -> Place {
    let place = Place::with(Config {
        access_token_lifetime: lifetime,
        ..Config::default()
    })
    .await;
    let profile = ProfileSource::new(place.provider.issuer(), DEMO_CLIENT_ID)
        .scopes(["openid", "profile"])
        .build(&"work".parse().unwrap())
        .unwrap();
    Profiles::new(place.config()).save(&profile).unwrap();
    place
}

#[tokio::test]
async fn a_session_that_cannot_be_renewed_ends_when_its_time_is_up_and_the_person_is_told() {
    let place = without_refresh(Duration::from_secs(2)).await;
    let mut app = place.start();
    app.sign_in().await;
    let view = app
        .when(|view| matches!(view.session, SessionView::Expired { .. }))
        .await;
    let SessionView::Expired { reason, .. } = view.session else {
        panic!("expired")
    };
    assert!(reason.contains("has expired"), "{reason}");
    let notice = app.notice().await;
    assert_eq!(notice.title, "Sign in again");
    assert!(notice.body.contains("Ada Moreno"), "{}", notice.body);
}

#[tokio::test]
async fn a_sign_out_that_the_person_asked_for_is_no_news() {
    let place = Place::new().await;
    let mut app = place.start();
    app.sign_in().await;
    app.ask(sign_out(false)).await;
    app.when(|view| view.signed_out.is_some()).await;
    assert!(app.seen.notices.lock().unwrap().is_empty());
}

#[tokio::test]
async fn each_profile_has_its_own_session_and_its_own_entry_in_the_tray() {
    let place = Place::new().await;
    let mut app = place.start();
    app.sign_in().await;
    app.ask(Request::SignIn {
        profile: "home".to_owned(),
        way: Way::Browser,
    })
    .await;
    let grace = Person {
        user: "grace".to_owned(),
        ..Person::default()
    };
    app.walk(&grace).await;
    let stands = |view: &View, name: &str| {
        let profile = view.profiles.iter().find(|profile| profile.name == name);
        let profile = profile.unwrap();
        (profile.stands, profile.account.clone().unwrap_or_default())
    };
    let view = app
        .when(|view| stands(view, "home").0 == ProfileStands::SignedIn)
        .await;
    assert_eq!(view.selected, "home");
    assert_eq!(
        stands(&view, "work"),
        (ProfileStands::SignedIn, "Ada Moreno".to_owned())
    );
    assert_ne!(stands(&view, "home").1, "Ada Moreno");
    assert_eq!(app.tray().tooltip, "Doorkey: signed in with 2 profiles");

    // From the tray, without choosing the profile first.
    app.ask(Choice::LogOut("work".to_owned()).request()).await;
    let view = app
        .when(|view| stands(view, "work").0 == ProfileStands::SignedOut)
        .await;
    assert_eq!(view.selected, "home");
    assert!(matches!(view.session, SessionView::SignedIn { .. }));
    app.ask(Request::Quit).await;
    app.task.await.unwrap();

    let again = place.start();
    again
        .when(|view| {
            stands(view, "home").0 == ProfileStands::SignedIn
                && stands(view, "work").0 == ProfileStands::SignedOut
        })
        .await;
}

#[tokio::test]
async fn quitting_during_a_refresh_loses_nothing() {
    let place = Place::new().await;
    let mut app = place.start();
    app.sign_in().await;
    app.ask(Request::Refresh).await;
    app.ask(Request::Quit).await;
    app.task.await.unwrap();
    assert_eq!(
        place.provider.counts().refreshes,
        1,
        "it was not broken off"
    );

    // A refresh token that was used twice would end the session.
    let again = place.start();
    again.when_signed_in().await;
    again.ask(Request::Refresh).await;
    again
        .when(|view| {
            matches!(
                view.session,
                SessionView::SignedIn {
                    refreshing: false,
                    ..
                }
            )
        })
        .await;
    assert_eq!(again.problem(), None);
    assert_eq!(place.provider.counts().refreshes, 2);
}

use doorkey_core::{Doorkey, LinkOutcome, Links, ProfileSource, Profiles};
use doorkey_idp::{DEMO_CLIENT_ID, DEMO_SCOPES};
use doorkey_tests::agent::Person;

use super::app::{App, Place, sign_in};
use crate::effects::Claim;
use crate::request::{Request, Way};
use crate::start::SCHEME;
use crate::view::{Channel, SessionView};

/// A place whose profile `work` takes its answer as a link.
async fn place() -> Place {
    let place = Place::new().await;
    let profile = ProfileSource::new(place.provider.issuer(), DEMO_CLIENT_ID)
        .scopes(DEMO_SCOPES.split(' '))
        .redirect_uri(&format!("{SCHEME}:/callback"))
        .build(&"work".parse().unwrap())
        .unwrap();
    Profiles::new(place.config()).save(&profile).unwrap();
    place
}

fn start(place: &Place) -> (App, Links) {
    let links = Links::new([SCHEME]);
    let (config, store) = (place.config().to_owned(), place.store.clone());
    let hub = links.clone();
    let app = place.start_with(move |steps| {
        Doorkey::builder(&config)
            .store(store.clone())
            .links(hub.clone())
            .observer(steps)
            .build()
    });
    (app, links)
}

#[tokio::test]
async fn f04_f10_f11_a_link_ends_the_sign_in_that_it_belongs_to_and_nothing_else() {
    let place = place().await;
    let (mut app, links) = start(&place);
    app.when_signed_out().await;
    assert_eq!(
        links.take(&format!("{SCHEME}:/callback?code=a&state=b")),
        LinkOutcome::NoAttempt
    );
    app.ask(sign_in()).await;
    let landed = app.walk(&Person::default()).await;
    assert_eq!(landed.url.scheme(), SCHEME);
    let view = app.handle.view();
    assert!(
        matches!(
            view.session,
            SessionView::WaitingForBrowser {
                channel: Channel::DeepLink,
                ..
            }
        ),
        "{:?}",
        view.session
    );
    for stray in [
        "/logout",
        "/callback?code=a&state=b",
        "/open?url=https://evil.example",
        "/callback?error=%3Cimg%20onerror=canary%3E&error_description=canary&state=b",
    ] {
        assert_eq!(
            links.take(&format!("{SCHEME}:{stray}")),
            LinkOutcome::Ignored
        );
    }
    // The web UI is told that somebody waits, and nothing of a link.
    let told = serde_json::to_string(&app.handle.view()).unwrap();
    assert!(
        !told.contains("canary") && !told.contains("evil.example"),
        "{told}"
    );
    assert_eq!(links.take(landed.url.as_str()), LinkOutcome::Taken);
    app.when_signed_in().await;
    assert_eq!(links.take(landed.url.as_str()), LinkOutcome::NoAttempt);
    assert_eq!(*app.seen.window.lock().unwrap(), ["raise"]);
    assert_eq!(*app.seen.claims.lock().unwrap(), [SCHEME]);
}

#[tokio::test]
async fn f01_a_scheme_of_another_program_is_told_before_the_browser_opens_and_loopback_goes_on() {
    let place = place().await;
    let (mut app, _links) = start(&place);
    app.when_signed_out().await;
    *app.seen.owner.lock().unwrap() = Some(Claim::Others {
        program: Some("thief".to_owned()),
    });
    app.ask(sign_in()).await;
    let view = app.when(|view| view.problem.is_some()).await;
    let problem = view.problem.unwrap();
    assert_eq!(
        (view.session, problem.code.as_str()),
        (SessionView::SignedOut, "scheme_taken")
    );
    assert!(problem.message.contains("thief"), "{}", problem.message);
    assert!(app.opened.try_recv().is_err(), "no browser was opened");

    app.ask(Request::SignIn {
        profile: "work".to_owned(),
        way: Way::Loopback,
    })
    .await;
    let landed = app.walk(&Person::default()).await;
    assert_eq!(landed.url.host_str(), Some("127.0.0.1"));
    app.when_signed_in().await;
}

#[tokio::test]
async fn f03_a_link_that_started_the_app_says_that_nothing_waits_for_it() {
    let place = place().await;
    let (app, _links) = start(&place);
    app.when_signed_out().await;
    app.ask(Request::StrayLink).await;
    let problem = app.problem().unwrap();
    assert_eq!(problem.code, "no_attempt");
    assert!(app.seen.window.lock().unwrap().is_empty());
}

use std::time::Duration;

use doorkey_core::Doorkey;
use doorkey_tests::agent::{Person, walk};
use tokio::net::TcpStream;
use url::Url;

use super::app::{Place, cancel, sign_in, steps};
use crate::request::Request;
use crate::tray::{Choice, Icon};
use crate::view::{AccountView, BrowserStart, KeychainView, SessionView};

fn entry(state: &str, choice: Option<fn(String) -> Choice>) -> (String, Option<Choice>) {
    (
        state.to_owned(),
        choice.map(|choice| choice("work".to_owned())),
    )
}

/// The port that waits for the answer to this request.
fn port(link: &Url) -> u16 {
    let (_, redirect) = link
        .query_pairs()
        .find(|(name, _)| name == "redirect_uri")
        .unwrap();
    Url::parse(&redirect).unwrap().port().unwrap()
}

async fn is_open(port: u16) -> bool {
    TcpStream::connect(("127.0.0.1", port)).await.is_ok()
}

#[tokio::test]
async fn a_sign_in_from_the_button_to_the_account() {
    let place = Place::new().await;
    let mut app = place.start();
    app.sign_in().await;
    assert_eq!(
        app.states(),
        [
            "restoring",
            "signed out",
            "waiting",
            "exchanging",
            "signed in"
        ]
    );
    let view = app.when(|view| matches!(&view.session, SessionView::SignedIn { account, can_end_session: true, .. } if account.picture.is_some())).await;
    let SessionView::SignedIn {
        account,
        fresh_until,
        refreshable,
        refreshing,
        scopes,
        ..
    } = view.session.clone()
    else {
        panic!("somebody is signed in")
    };
    let picture = account.picture.clone().unwrap();
    assert!(
        picture.starts_with("data:image/png;base64,iVBORw0KGgo"),
        "{picture}"
    );
    assert_eq!(
        account,
        AccountView {
            name: "Ada Moreno".to_owned(),
            email: Some("ada@example.com".to_owned()),
            subject: Some("upstream|ada".to_owned()),
            initials: "AM".to_owned(),
            picture: Some(picture),
        }
    );
    assert!(fresh_until.is_some() && refreshable && !refreshing);
    assert!(scopes.iter().any(|scope| scope == "projects:read"));
    assert_eq!(
        (view.keychain.clone(), view.problem.clone()),
        (KeychainView::Keychain, None)
    );
    assert_eq!(steps(&view).first().unwrap().label, "Ask to sign in");
    assert_eq!(steps(&view).last().unwrap().label, "Say who is signed in");
    assert_eq!(app.entry(), entry("Ada Moreno", Some(Choice::LogOut)));
    // On success alone, and once.
    assert_eq!(*app.seen.window.lock().unwrap(), ["raise"]);
    assert_eq!(
        app.entries(),
        [
            entry("Restoring the session…", None),
            entry("Signed out", Some(Choice::SignIn)),
            entry("Waiting for the browser…", Some(Choice::CancelSignIn)),
            entry("Finishing the sign-in…", Some(Choice::CancelSignIn)),
            entry("Ada Moreno", Some(Choice::LogOut)),
        ]
    );
}

#[tokio::test]
async fn the_port_is_closed_as_soon_as_a_sign_in_is_cancelled() {
    let place = Place::new().await;
    let mut app = place.start();
    app.when_signed_out().await;
    app.ask(sign_in()).await;
    let port = port(&app.opened().await);
    assert!(is_open(port).await);
    app.ask(cancel()).await;
    assert!(!is_open(port).await);
    assert_eq!(app.handle.view().session, SessionView::SignedOut);
    assert_eq!((app.problem(), app.tray().icon), (None, Icon::SignedOut));
    // Nothing is left of it: the next one works.
    app.sign_in().await;
}

#[tokio::test]
async fn pressing_twice_starts_one_sign_in() {
    let place = Place::new().await;
    let mut app = place.start();
    app.when_signed_out().await;
    app.ask(sign_in()).await;
    app.ask(sign_in()).await;
    app.walk(&Person::default()).await;
    app.when_signed_in().await;
    app.ask(sign_in()).await;
    assert!(app.opened.try_recv().is_err());
}

#[tokio::test]
async fn a_refusal_in_the_browser_is_told() {
    let place = Place::new().await;
    let mut app = place.start();
    app.when_signed_out().await;
    app.ask(sign_in()).await;
    app.walk(&Person {
        denies: true,
        ..Person::default()
    })
    .await;
    let view = app.when(|view| view.problem.is_some()).await;
    let problem = view.problem.unwrap();
    assert_eq!(
        (view.session, problem.code.as_str()),
        (SessionView::SignedOut, "provider_denied")
    );
    let tray = app.tray();
    assert_eq!(tray.icon, Icon::Attention);
    assert_eq!(tray.tooltip, format!("Doorkey: {}", problem.message));
    assert_eq!(
        app.entry(),
        entry("Something went wrong", Some(Choice::SignIn))
    );
    app.ask(Request::Dismiss).await;
    assert_eq!((app.problem(), app.tray().icon), (None, Icon::SignedOut));
}

#[tokio::test]
async fn a_sign_in_that_nobody_finishes_ends_by_itself() {
    let place = Place::new().await;
    let mut app = place.start();
    app.when_signed_out().await;
    app.ask(sign_in()).await;
    let port = port(&app.opened().await);
    app.when(|view| {
        matches!(
            view.session,
            SessionView::WaitingForBrowser {
                browser: BrowserStart::Opened,
                ..
            }
        )
    })
    .await;
    tokio::time::pause();
    tokio::time::advance(place.profile("work").timeout() + Duration::from_secs(1)).await;
    tokio::time::resume();
    let view = app.when(|view| view.problem.is_some()).await;
    assert_eq!(
        (view.session, view.problem.unwrap().code.as_str()),
        (SessionView::SignedOut, "timed_out")
    );
    assert!(!is_open(port).await);
}

#[tokio::test]
async fn without_a_browser_the_link_can_be_copied_and_opened_by_hand() {
    let place = Place::new().await;
    let mut app = place.start();
    app.without_browser();
    app.when_signed_out().await;
    assert_eq!(
        app.handle.ask(Request::CopyLink).await.unwrap_err().code,
        "not_ready"
    );
    app.ask(sign_in()).await;
    app.when(|view| {
        matches!(
            view.session,
            SessionView::WaitingForBrowser {
                browser: BrowserStart::Failed,
                ..
            }
        )
    })
    .await;
    app.ask(Request::CopyLink).await;
    let link: Url = app
        .seen
        .clipboard
        .lock()
        .unwrap()
        .take()
        .unwrap()
        .parse()
        .unwrap();
    assert!(walk(link, &Person::default()).await.unwrap().is_welcome());
    app.when_signed_in().await;
    assert!(app.opened.try_recv().is_err());
}

#[tokio::test]
async fn the_link_opens_again() {
    let place = Place::new().await;
    let mut app = place.start();
    app.when_signed_out().await;
    app.ask(sign_in()).await;
    let first = app.opened().await;
    app.when(|view| {
        steps(view)
            .iter()
            .any(|step| step.label == "Open the browser")
    })
    .await;
    app.ask(Request::OpenAgain).await;
    assert_eq!(app.opened().await, first);
}

#[tokio::test]
async fn a_provider_that_is_not_there_is_a_problem() {
    let place = Place::new().await;
    let app = place.start();
    app.when_signed_out().await;
    place.provider.shutdown().await;
    app.ask(sign_in()).await;
    let view = app.when(|view| view.problem.is_some()).await;
    assert_eq!(
        (&view.session, view.problem.clone().unwrap().code.as_str()),
        (&SessionView::SignedOut, "offline")
    );
    assert!(steps(&view).last().unwrap().failure.is_some());
}

#[tokio::test]
async fn a_session_without_a_keychain_says_so() {
    let place = Place::new().await;
    let mut app = place.start_with(|steps| Doorkey::in_memory().observer(steps).build());
    app.sign_in().await;
    let view = app.when_signed_in().await;
    assert!(
        matches!(view.keychain, KeychainView::MemoryOnly { .. }),
        "{:?}",
        view.keychain
    );
}

/// Where the browser lands with these parameters, when the provider has answered this request.
fn landed(place: &Place, link: &Url, parameters: &str) -> String {
    let find = |wanted: &str| {
        let (_, value) = link.query_pairs().find(|(name, _)| name == wanted).unwrap();
        value.into_owned()
    };
    format!(
        "{}?{parameters}&state={}&iss={}",
        find("redirect_uri"),
        find("state"),
        place.provider.issuer()
    )
}

async fn when_listening(app: &super::app::App) {
    app.when(|view| {
        steps(view)
            .iter()
            .any(|step| step.label == "Open the browser")
    })
    .await;
}

#[tokio::test]
async fn the_address_that_the_browser_landed_on_can_be_pasted() {
    let place = Place::new().await;
    let mut app = place.start();
    app.when_signed_out().await;
    assert_eq!(
        app.handle.paste("?").await.unwrap_err().code,
        "not_ready",
        "nothing waits yet"
    );
    app.ask(sign_in()).await;
    let link = app.opened().await;
    when_listening(&app).await;
    let address = landed(&place, &link, "code=canary");
    for (stray, code) in [
        ("hello", "authorization_response_invalid"),
        ("?code=canary&state=wrong", "state_mismatch"),
        (
            &address.replace("/callback", "/elsewhere"),
            "authorization_response_invalid",
        ),
    ] {
        let problem = app.handle.paste(stray).await.unwrap_err();
        assert_eq!(problem.code, code, "{stray}");
        assert!(!format!("{problem:?}").contains("canary"), "{problem:?}");
    }
    assert_eq!(app.problem(), None, "a stray text changes nothing");
    app.handle.paste(&address).await.unwrap();
    // It went to the provider, which never gave that code.
    let view = app.when(|view| view.problem.is_some()).await;
    assert_eq!(view.problem.unwrap().code, "invalid_grant");
    assert_eq!(
        app.states(),
        [
            "restoring",
            "signed out",
            "waiting",
            "exchanging",
            "signed out"
        ]
    );
    let views = format!("{:?}", app.seen.views.lock().unwrap());
    assert!(!views.contains("canary"));
    assert_eq!(
        app.handle.paste(&address).await.unwrap_err().code,
        "not_ready"
    );
}

#[tokio::test]
async fn a_refusal_can_be_pasted_too() {
    let place = Place::new().await;
    let mut app = place.start();
    app.when_signed_out().await;
    app.ask(sign_in()).await;
    let link = app.opened().await;
    when_listening(&app).await;
    app.handle
        .paste(&landed(&place, &link, "error=access_denied"))
        .await
        .unwrap();
    let view = app.when(|view| view.problem.is_some()).await;
    assert_eq!(
        (view.session, view.problem.unwrap().code.as_str()),
        (SessionView::SignedOut, "provider_denied")
    );
}

#[tokio::test]
async fn a28_what_is_pasted_after_a_cancel_is_no_answer_to_the_next_attempt_either() {
    let place = Place::new().await;
    let mut app = place.start();
    app.when_signed_out().await;
    app.ask(sign_in()).await;
    let late = landed(&place, &app.opened().await, "code=late");
    app.ask(cancel()).await;
    assert_eq!(app.handle.paste(&late).await.unwrap_err().code, "not_ready");
    app.ask(sign_in()).await;
    app.opened().await;
    when_listening(&app).await;
    assert!(app.handle.paste(&late).await.is_err());
    let session = app.handle.view().session;
    assert!(matches!(session, SessionView::WaitingForBrowser { .. }));
    // Nothing is left of it: the person can still finish.
    app.ask(cancel()).await;
    app.sign_in().await;
}

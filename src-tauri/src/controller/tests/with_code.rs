use std::time::Duration;

use doorkey_core::Profiles;
use doorkey_idp::Config;
use doorkey_tests::agent::{Person, walk};
use url::Url;

use super::app::{App, Place, cancel, steps};
use crate::request::{Request, Way};
use crate::tray::{Choice, Icon};
use crate::view::{CodeView, FlowOutcome, FlowValue, SessionView, View};

/// A provider that may be asked each second.
async fn place() -> Place {
    Place::with(Config {
        device_interval: Duration::from_secs(1),
        ..Config::default()
    })
    .await
}

fn sign_in_with_code() -> Request {
    Request::SignIn {
        profile: "work".to_owned(),
        way: Way::Code,
    }
}

fn select(profile: &str) -> Request {
    Request::SelectProfile {
        profile: profile.to_owned(),
    }
}

/// Whether a code is offered for a profile.
fn offers(name: &'static str) -> impl Fn(&View) -> bool {
    move |view| {
        let profile = view.profiles.iter().find(|profile| profile.name == name);
        profile.is_some_and(|profile| profile.offers_code)
    }
}

/// The code, once it is shown.
async fn shown(app: &App) -> CodeView {
    let view = app
        .when(|view| {
            matches!(
                view.session,
                SessionView::WaitingForCode { code: Some(_), .. }
            )
        })
        .await;
    let SessionView::WaitingForCode {
        code: Some(code), ..
    } = view.session
    else {
        panic!("no code is shown")
    };
    code
}

/// What the person does in a browser elsewhere.
async fn type_code(shown: &CodeView, person: &Person) {
    let mut page: Url = shown.address.parse().unwrap();
    page.query_pairs_mut().append_pair("user_code", &shown.code);
    walk(page, person).await.unwrap();
}

#[tokio::test]
async fn a_sign_in_with_a_code_from_the_button_to_the_account() {
    let place = place().await;
    let app = place.start();
    app.when_signed_out().await;
    app.ask(sign_in_with_code()).await;
    let shown = shown(&app).await;
    assert_eq!(shown.address, format!("{}/device", place.provider.issuer()));
    assert!(shown.complete && shown.here_only && shown.opened.is_none());
    assert!(shown.picture.is_some());
    assert_eq!(
        app.entry(),
        (
            "Waiting for the code…".to_owned(),
            Some(Choice::CancelSignIn("work".to_owned()))
        )
    );
    assert_eq!(app.tray().icon, Icon::Waiting);
    type_code(&shown, &Person::default()).await;
    let view = app.when_signed_in().await;
    assert_eq!(
        app.states(),
        [
            "restoring",
            "signed out",
            "asking for a code",
            "waiting for the code",
            "exchanging",
            "signed in"
        ]
    );
    let labels: Vec<_> = steps(&view)
        .iter()
        .map(|step| step.label.as_str())
        .collect();
    assert!(labels.contains(&"Show code and address"), "{labels:?}");
    assert_eq!(labels.last(), Some(&"Say who is signed in"));
    assert_eq!(*app.seen.window.lock().unwrap(), ["raise"]);
}

#[tokio::test]
async fn the_code_that_fetches_the_tokens_is_never_shown() {
    let place = place().await;
    let app = place.start();
    app.when_signed_out().await;
    app.ask(sign_in_with_code()).await;
    let shown = shown(&app).await;
    type_code(&shown, &Person::default()).await;
    let view = app.when_signed_in().await;
    let hidden: Vec<_> = steps(&view)
        .iter()
        .flat_map(|step| &step.fields)
        .filter(|field| field.name == "device_code")
        .map(|field| matches!(field.value, FlowValue::Hidden { length } if length > 20))
        .collect();
    assert_eq!(hidden, [true, true], "it was issued, and used");
    // What a flow keeps and exports has not even the code to type.
    let flow = serde_json::to_string(&view.flow).unwrap();
    assert!(!flow.contains(&shown.code), "{flow}");
}

#[tokio::test]
async fn a_person_who_says_no_is_told_so() {
    let place = place().await;
    let app = place.start();
    app.when_signed_out().await;
    app.ask(sign_in_with_code()).await;
    let person = Person {
        denies: true,
        ..Person::default()
    };
    type_code(&shown(&app).await, &person).await;
    let view = app.when(|view| view.problem.is_some()).await;
    assert_eq!(
        (view.session, view.problem.unwrap().code.as_str()),
        (SessionView::SignedOut, "provider_denied")
    );
}

#[tokio::test]
async fn a_code_that_nobody_types_ends_by_itself() {
    let place = Place::with(Config {
        device_interval: Duration::from_secs(1),
        device_code_lifetime: Duration::from_secs(2),
        ..Config::default()
    })
    .await;
    let app = place.start();
    app.when_signed_out().await;
    app.ask(sign_in_with_code()).await;
    shown(&app).await;
    let view = app.when(|view| view.problem.is_some()).await;
    let problem = view.problem.unwrap();
    assert_eq!(
        (view.session, problem.code.as_str()),
        (SessionView::SignedOut, "timed_out")
    );
    assert!(problem.hint.contains("new code"), "{}", problem.hint);
}

#[tokio::test]
async fn a_wait_for_the_code_is_cancelled_at_once_and_the_code_is_worth_nothing_then() {
    let place = place().await;
    let app = place.start();
    app.when_signed_out().await;
    app.ask(sign_in_with_code()).await;
    let shown = shown(&app).await;
    app.ask(cancel()).await;
    let view = app.handle.view();
    assert_eq!((view.session, view.problem), (SessionView::SignedOut, None));
    assert_eq!(view.flows[0].outcome, FlowOutcome::Cancelled);
    // Whoever types it now signs nobody in: nobody asks for the tokens any more.
    type_code(&shown, &Person::default()).await;
    assert_eq!(place.provider.counts().device_codes_redeemed, 0);
    assert_eq!(place.store.names(), Vec::<String>::new());
}

#[tokio::test]
async fn the_page_for_the_code_is_opened_here_and_its_address_copied() {
    let place = place().await;
    let mut app = place.start();
    app.when_signed_out().await;
    app.ask(sign_in_with_code()).await;
    let code = shown(&app).await;
    app.ask(Request::CopyLink).await;
    let copied = app.seen.clipboard.lock().unwrap().clone();
    assert_eq!(copied.as_ref(), Some(&code.address));
    app.ask(Request::OpenAgain).await;
    // It has the code in it: the person only compares.
    assert!(app.opened().await.as_str().contains(&code.code));
    app.when(|view| {
        matches!(&view.session, SessionView::WaitingForCode { code: Some(code), .. } if code.opened == Some(true))
    })
    .await;
    app.without_browser();
    app.ask(Request::OpenAgain).await;
    app.when(|view| {
        matches!(&view.session, SessionView::WaitingForCode { code: Some(code), .. } if code.opened == Some(false))
    })
    .await;
    // There is nothing to paste.
    assert_eq!(app.handle.paste("?").await.unwrap_err().code, "not_ready");
}

#[tokio::test]
async fn a_code_is_offered_where_the_provider_has_it() {
    let place = place().await;
    let app = place.start();
    let view = app.when(offers("work")).await;
    assert!(!offers("home")(&view), "nobody has looked at that one");
    app.ask(select("home")).await;
    app.when(offers("home")).await;

    // A provider that is plain OAuth, and has no such endpoint.
    let file = Profiles::new(place.config()).path(&"plain".parse().unwrap());
    let issuer = place.provider.issuer();
    let plain = format!(
        "client_id = \"app\"\n[endpoints]\nauthorization = \"{issuer}/authorize\"\ntoken = \"{issuer}/token\"\n"
    );
    std::fs::write(file, plain).unwrap();
    app.ask(select("plain")).await;
    let view = app
        .when(|view| view.selected == "plain" && view.session == SessionView::SignedOut)
        .await;
    assert!(!offers("plain")(&view));
    app.ask(Request::SignIn {
        profile: "plain".to_owned(),
        way: Way::Code,
    })
    .await;
    let view = app.when(|view| view.problem.is_some()).await;
    assert_eq!(view.problem.unwrap().code, "unsupported_provider");
}

#[tokio::test]
async fn behind_a_hidden_window_no_provider_is_asked_what_it_offers() {
    let place = place().await;
    let app = place.start();
    app.when(offers("work")).await;
    app.ask(Request::WindowHidden).await;
    app.ask(select("home")).await;
    app.when_signed_out().await;
    // Longer than an answer would take.
    for _ in 0..2 {
        place.other().begin(&place.profile("home")).await.unwrap();
    }
    assert!(!offers("home")(&app.handle.view()));
    app.ask(Request::WindowShown).await;
    app.when(offers("home")).await;
}

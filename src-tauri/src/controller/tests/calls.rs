use std::time::Duration;

use doorkey_core::{ProfileSource, Profiles};
use doorkey_idp::{DEMO_CLIENT_ID, DEMO_SCOPES};
use doorkey_tests::agent::Person;
use tokio::io::AsyncReadExt as _;
use tokio::net::{TcpListener, TcpStream};

use super::app::{Place, sign_in, sign_out};
use crate::request::{Handle, Request};
use crate::view::{ApiAnswer, ApiCall, Problem, SessionView};

fn get(path: &str) -> ApiCall {
    ApiCall {
        method: "GET".to_owned(),
        path: path.to_owned(),
        headers: vec![("Accept".to_owned(), "application/json".to_owned())],
        body: None,
    }
}

fn call(handle: &Handle) -> tokio::task::JoinHandle<Result<ApiAnswer, Problem>> {
    let handle = handle.clone();
    tokio::spawn(async move { handle.call(get("/api/me")).await })
}

/// A place whose profile `work` has an API that takes connections and never answers.
async fn with_silent_api() -> (Place, TcpListener) {
    let place = Place::new().await;
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let profile = ProfileSource::new(place.provider.issuer(), DEMO_CLIENT_ID)
        .scopes(DEMO_SCOPES.split(' '))
        .api(&format!("http://{}", silent.local_addr().unwrap()))
        .build(&"work".parse().unwrap())
        .unwrap();
    Profiles::new(place.config()).save(&profile).unwrap();
    (place, silent)
}

/// Takes a call, whose request has arrived in whole.
async fn arrived(silent: &TcpListener) -> TcpStream {
    let (mut stream, _) = silent.accept().await.unwrap();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.unwrap());
    }
    assert!(head.starts_with(b"GET /api/me HTTP/1.1\r\n"));
    stream
}

/// Waits until the other side closes, which is what a call does that is broken off.
async fn closed(mut stream: TcpStream) -> bool {
    let rest = tokio::time::timeout(Duration::from_secs(5), stream.read_u8()).await;
    rest.expect("the call still runs").is_err()
}

#[tokio::test]
async fn e27_a_running_call_is_broken_off_when_the_person_cancels() {
    let (place, silent) = with_silent_api().await;
    let mut app = place.start();
    app.sign_in().await;
    // With nothing running there is nothing to do.
    app.ask(Request::CancelCall).await;
    for _ in 0..2 {
        let answer = call(&app.handle);
        let stream = arrived(&silent).await;
        app.ask(Request::CancelCall).await;
        let problem = answer.await.unwrap().unwrap_err();
        assert_eq!(problem.code, "cancelled");
        assert!(closed(stream).await);
    }
    let view = app.handle.view();
    assert_eq!(view.problem, None);
    assert!(matches!(view.session, SessionView::SignedIn { .. }));
}

#[tokio::test]
async fn g06_a_call_is_copied_as_a_command_without_a_token() {
    let place = Place::new().await;
    let mut app = place.start();
    app.when_signed_out().await;
    let refused = |problem: Result<(), Problem>| problem.unwrap_err().code;
    assert_eq!(
        refused(app.handle.copy_curl(get("/api/me")).await),
        "not_signed_in"
    );
    app.sign_in().await;
    app.handle.copy_curl(get("/api/me")).await.unwrap();
    let copied = app.seen.clipboard.lock().unwrap().take().unwrap();
    assert_eq!(
        copied,
        format!(
            "curl -H \"Authorization: Bearer $(doorkey token --profile work)\" \\\n  \
             -H 'Accept: application/json' \\\n  --globoff '{}/api/me'",
            place.provider.api()
        )
    );
    assert_eq!(
        refused(
            app.handle
                .copy_curl(get("https://elsewhere.example/"))
                .await
        ),
        "origin_not_allowed"
    );
    assert_eq!(*app.seen.clipboard.lock().unwrap(), None);
}

#[tokio::test]
async fn what_one_person_was_answered_the_next_one_does_not_see() {
    let place = Place::new().await;
    let mut app = place.start();
    app.sign_in().await;
    let call = get("/api/me");
    app.handle.call(call.clone()).await.unwrap();
    let id = app.when(|view| !view.calls.is_empty()).await.calls[0].id;

    // The same person finds it again.
    app.ask(sign_out(false)).await;
    app.when_signed_out().await;
    app.sign_in().await;
    let past = app.handle.past_call(id).await.unwrap();
    assert!(past.whole && past.answer.is_some());
    assert_eq!(past.call, call);

    app.ask(sign_out(false)).await;
    app.when_signed_out().await;
    app.ask(sign_in()).await;
    let grace = Person {
        user: "grace".to_owned(),
        ..Person::default()
    };
    app.walk(&grace).await;
    app.when_signed_in().await;
    let past = app.handle.past_call(id).await.unwrap();
    assert_eq!((past.whole, past.answer, past.problem), (false, None, None));
    assert_eq!(past.call.path, "/api/me");
    assert!(past.call.headers.is_empty());
}

//! Calls of a person who signed in at a provider that can be bent.

use std::sync::{Arc, Mutex};

use doorkey_double::{Answer, Endpoint, Provider};

use super::*;
use crate::engine::Doorkey;
use crate::error::Fault;
use crate::profile::Profile;
use crate::trace::{Step, Value};

struct Scene {
    provider: Provider,
    session: Session,
    steps: Arc<Mutex<Vec<Step>>>,
}

impl Scene {
    async fn new() -> Self {
        let provider = Provider::start().await.expect("a port");
        let steps = Arc::<Mutex<Vec<Step>>>::default();
        let told = Arc::clone(&steps);
        let doorkey = Doorkey::in_memory()
            .observer(move |step: Step| told.lock().expect("the steps").push(step))
            .build();
        let name = "work".parse().expect("a name");
        let profile = Profile::parse(&name, &provider.profile("")).expect("a profile");
        let sign_in = doorkey.begin(&profile).await.expect("to begin");
        let callback = provider.agree(sign_in.authorization_url());
        let finished = async { sign_in.answer().await?.finish().await };
        let (_, session) = tokio::join!(callback.send(), finished);
        let session = session.expect("a session");
        provider.forget();
        Self {
            provider,
            session,
            steps,
        }
    }

    /// With an API that answers like this from now on.
    async fn answering(answer: impl Fn() -> Answer + Send + 'static) -> Self {
        let scene = Self::new().await;
        scene.provider.replace(Endpoint::Api, move |_| answer());
        scene
    }

    /// How often the API was asked, and how often for a newer token.
    fn asked(&self) -> (usize, usize) {
        let count = |endpoint| self.provider.asked(endpoint).len();
        (count(Endpoint::Api), count(Endpoint::Token))
    }

    fn token(&self) -> String {
        let asked = self.provider.asked(Endpoint::Api);
        let sent = asked
            .last()
            .and_then(|request| request.header("authorization"));
        sent.and_then(|sent| sent.strip_prefix("Bearer "))
            .expect("a token")
            .to_owned()
    }
}

#[tokio::test]
async fn what_is_asked_for_is_sent_and_what_is_answered_is_told() {
    let scene = Scene::answering(|| {
        Answer::bytes("text/plain", "made")
            .with_status(201)
            .header("X-Trace", "7")
            .header("Set-Cookie", "session=1")
    })
    .await;
    let request = ApiRequest::new("post", "things?kind=a")
        .header("X-Kind", "b")
        .body("the body");
    let response = scene.session.call(request).await.expect("an answer");
    assert_eq!((response.status, response.text().as_ref()), (201, "made"));
    assert!(response.is_success());
    assert_eq!(response.challenge, None);
    let header = |name: &str| {
        let mut headers = response.headers.iter();
        headers
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    };
    assert_eq!(header("x-trace"), Some("7"));
    assert_eq!(header("content-type"), Some("text/plain"));
    assert_eq!(header("set-cookie"), None);

    let asked = scene.provider.asked(Endpoint::Api).remove(0);
    assert_eq!(asked.method, "POST");
    assert_eq!(
        (asked.path.as_str(), asked.query.as_str()),
        ("/api/things", "kind=a")
    );
    assert_eq!(asked.header("x-kind"), Some("b"));
    assert_eq!(asked.body, b"the body");
    assert_eq!(scene.asked(), (1, 0));

    let debug = format!("{response:?}");
    assert!(debug.contains("201") && !debug.contains("made"), "{debug}");
}

#[tokio::test]
async fn the_steps_name_the_address_without_its_query() {
    let scene = Scene::new().await;
    let call = scene.session.call(ApiRequest::get("me?token=canary"));
    call.await.expect("an answer");
    let steps = scene.steps.lock().expect("the steps");
    let fields = |kind| {
        let step = steps.iter().find(|step| step.kind == kind);
        step.expect("the step").fields.clone()
    };
    let url = format!("{}/api/me", scene.provider.issuer());
    let asked = [("method", "GET".to_owned()), ("url", url)];
    assert_eq!(
        fields(StepKind::ApiRequest),
        asked.map(|(name, value)| (name, Value::Shown(value)))
    );
    assert_eq!(
        fields(StepKind::ApiResponse)[0],
        ("status", Value::Shown("200".to_owned()))
    );
}

#[tokio::test]
async fn only_2xx_is_a_success() {
    for (status, success) in [
        (200, true),
        (299, true),
        (300, false),
        (199, false),
        (404, false),
    ] {
        let response = ApiResponse {
            status,
            headers: Vec::new(),
            body: Vec::new(),
            elapsed: Duration::ZERO,
            challenge: None,
        };
        assert_eq!(response.is_success(), success, "{status}");
    }
}

#[tokio::test]
async fn e13_a_refused_token_is_renewed_once_and_the_call_repeated_once() {
    let scene = Scene::new().await;
    scene
        .provider
        .replace_once(Endpoint::Api, |_| Answer::status(401));
    let response = scene.session.call(ApiRequest::get("me")).await;
    assert_eq!(response.expect("an answer").status, 200);
    assert_eq!(scene.asked(), (2, 1));

    let scene = Scene::answering(|| Answer::status(401)).await;
    let response = scene.session.call(ApiRequest::get("me")).await;
    let response = response.expect("an answer");
    assert_eq!(response.challenge, Some(Challenge::InvalidToken));
    assert_eq!(scene.asked(), (2, 1));
}

#[tokio::test]
async fn e18_e19_e20_other_refusals_renew_nothing() {
    for (status, header, challenge) in [
        (403, "Bearer error=\"invalid_token\"", Some(None)),
        (
            403,
            "Bearer error=\"insufficient_scope\", scope=\"a b\"",
            None,
        ),
        (
            401,
            "Bearer error=\"insufficient_user_authentication\"",
            None,
        ),
        (404, "Bearer error=\"invalid_token\"", Some(None)),
    ] {
        let scene = Scene::answering(move || Answer::challenge(status, header)).await;
        let response = scene.session.call(ApiRequest::get("me")).await;
        let response = response.expect("an answer");
        assert_eq!(response.status, status);
        assert!(!response.is_success());
        if let Some(challenge) = challenge {
            assert_eq!(response.challenge, challenge, "{header}");
        } else {
            assert_ne!(response.challenge, None, "{header}");
        }
        assert_eq!(scene.asked(), (1, 0), "{header}");
    }
}

#[tokio::test]
async fn the_apis_answer_stands_where_no_newer_token_can_be_had() {
    let scene = Scene::answering(|| Answer::status(401)).await;
    scene
        .provider
        .replace(Endpoint::Token, |_| Answer::status(503));
    let response = scene.session.call(ApiRequest::get("me")).await;
    assert_eq!(response.expect("the API's answer").status, 401);
    assert_eq!(scene.asked().0, 1);
}

#[tokio::test]
async fn a_session_that_is_over_is_told_as_such() {
    let scene = Scene::answering(|| Answer::status(401)).await;
    scene
        .provider
        .replace(Endpoint::Token, |_| Answer::error("invalid_grant"));
    let error = scene.session.call(ApiRequest::get("me")).await;
    assert_eq!(error.expect_err("no session").fault(), Fault::NotSignedIn);
    assert_eq!(scene.asked(), (1, 1));
}

#[tokio::test]
async fn e16_a_lost_connection_is_tried_again_for_safe_methods_only() {
    for (method, times) in [
        ("GET", 2),
        ("HEAD", 2),
        ("POST", 1),
        ("PUT", 1),
        ("DELETE", 1),
    ] {
        let scene = Scene::answering(Answer::lost).await;
        let error = scene.session.call(ApiRequest::new(method, "me")).await;
        let error = error.expect_err("no answer");
        assert_eq!(error.code(), Code::NetworkLost, "{method}");
        assert_eq!(scene.asked(), (times, 0), "{method}");
    }
    let scene = Scene::new().await;
    scene
        .provider
        .replace_once(Endpoint::Api, |_| Answer::lost());
    let response = scene.session.call(ApiRequest::get("me")).await;
    assert_eq!(response.expect("the second answer").status, 200);
}

#[tokio::test]
async fn e37_no_token_comes_back_in_headers_or_body() {
    let scene = Scene::new().await;
    scene.provider.replace(Endpoint::Api, Answer::echo);
    let response = scene.session.call(ApiRequest::get("me")).await;
    let response = response.expect("an answer");
    let token = scene.token();
    let echo = response.headers.iter().find(|(name, _)| name == "x-echo");
    let (_, echo) = echo.expect("the header");
    assert!(echo.starts_with("Bearer ") && !echo.contains(&token));
    assert!(response.text().starts_with("Bearer ") && !response.text().contains(&token));
}

#[test]
fn bodies_of_32_mib_are_the_largest() {
    const LARGEST: usize = 33_554_432;
    assert_eq!(LIMITS.cap, LARGEST);
    let name = "work".parse().expect("a name");
    let text = "issuer = \"https://login.example.com\"\nclient_id = \"abc\"\napi = [\"https://api.example.com\"]\n";
    let profile = Profile::parse(&name, text).expect("a profile");
    let sized = |size| ApiRequest::new("POST", "things").body(vec![0; size]);
    sized(LARGEST).address(&profile).expect("an address");
    let error = sized(LARGEST + 1).address(&profile).expect_err("too large");
    assert_eq!(error.code(), Code::RequestInvalid);
}

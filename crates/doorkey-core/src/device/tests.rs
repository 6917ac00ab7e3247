//! A whole sign-in with a code, against a double that answers as it is told.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex};

use doorkey_double::{Answer, Server};

use super::*;
use crate::clock::SystemClock;
use crate::engine::Doorkey;
use crate::http::Http;
use crate::provider::{Cache, Discovery};
use crate::token::{Credentials, DeviceAnswer, DeviceCode};
use crate::trace::{Step, Trace};

type Form = HashMap<String, String>;

/// A provider that gives prepared answers, in order, and keeps what it was asked.
struct Double {
    url: String,
    server: Server,
}

impl Double {
    /// `HOME` in an answer is the provider's address.
    async fn start(answers: impl IntoIterator<Item = (u16, String)>) -> Self {
        let answers: VecDeque<_> = answers.into_iter().collect();
        let answers = Mutex::new(answers);
        let server = Server::start(move |request| {
            let next = answers.lock().expect("the answers").pop_front();
            let (status, body) = next.expect("an answer is prepared");
            let host = request.header("host").expect("a host");
            let body = body.replace("HOME", &format!("http://{host}"));
            Answer::bytes("application/json", body).with_status(status)
        });
        let server = server.await.expect("a port");
        Self {
            url: server.origin().to_owned(),
            server,
        }
    }

    fn profile(&self, lines: &str) -> Profile {
        let url = &self.url;
        let text = format!(
            "client_id = \"x\"\n{lines}\n[endpoints]\nauthorization = \"{url}/authorize\"\ntoken = \"{url}/token\"\n\
             device_authorization = \"{url}/device\"\n"
        );
        Profile::parse(&"work".parse().expect("a name"), &text).expect("a profile")
    }

    fn asked(&self) -> Vec<(String, Form)> {
        let asked = self.server.requests().into_iter();
        asked
            .map(|request| (request.target(), request.form()))
            .collect()
    }
}

const ISSUED: &str = r#"{"device_code":"canary-device","user_code":"WDJB-MJHT","verification_uri":"HOME/activate","expires_in":600,"interval":1}"#;
const TOKENS: &str = r#"{"access_token":"abc","token_type":"Bearer","expires_in":600}"#;

fn ok(body: &str) -> (u16, String) {
    (200, body.to_owned())
}

fn refused(error: &str) -> (u16, String) {
    (400, format!(r#"{{"error":"{error}"}}"#))
}

#[tokio::test]
async fn a_code_becomes_a_session() {
    let double = Double::start([ok(ISSUED), ok(TOKENS)]).await;
    let steps = Arc::new(Mutex::new(Vec::new()));
    let told = Arc::clone(&steps);
    let doorkey = Doorkey::in_memory()
        .observer(move |step: Step| told.lock().expect("the steps").push(step))
        .build();
    let profile = double.profile(
        "scopes = [\"repo\", \"user\"]\nauthorization_parameters = { audience = \"https://api.example.com\", prompt = \"login\" }",
    );
    assert!(doorkey.offers_device(&profile).await.expect("to know"));
    let sign_in = doorkey.begin_device(&profile).await.expect("to begin");
    assert_eq!(sign_in.user_code(), "WDJB-MJHT");
    assert_eq!(
        sign_in.verification_uri().as_str(),
        format!("{}/activate", double.url)
    );
    assert_eq!(sign_in.verification_uri_complete(), None);
    sign_in.shown();
    let session = sign_in.finish().await.expect("a session");
    let token = session.access_token(Duration::ZERO).await.expect("a token");
    assert_eq!(token.expose(), "abc");

    let form = |pairs: &[(&str, &str)]| -> Form {
        let pairs = pairs.iter();
        pairs
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    };
    let device = [
        ("client_id", "x"),
        ("scope", "repo user"),
        ("audience", "https://api.example.com"),
    ];
    let token = [
        ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
        ("device_code", "canary-device"),
        ("client_id", "x"),
    ];
    assert_eq!(
        double.asked(),
        [
            ("/device".to_owned(), form(&device)),
            ("/token".to_owned(), form(&token)),
        ]
    );
    let steps = steps.lock().expect("the steps");
    let kinds: Vec<_> = steps.iter().map(|step| step.kind).collect();
    assert_eq!(
        kinds,
        [
            StepKind::SignInStarted,
            StepKind::DeviceRequest,
            StepKind::DeviceResponse,
            StepKind::DeviceCodeShown,
            StepKind::DeviceTokenRequest,
            StepKind::TokenResponse,
            StepKind::SessionInMemory,
            StepKind::SignedIn,
        ]
    );
    assert!(!format!("{steps:?}").contains("canary"));
}

/// One question, and the answer to it.
async fn answer_to(answer: (u16, String)) -> Result<DeviceAnswer> {
    let double = Double::start([answer]).await;
    let profile = double.profile("");
    let http = Http::new(None);
    let clock = Arc::new(SystemClock);
    let trace = Trace::new(Flow::SignIn, Arc::clone(&clock) as _, None);
    let discovery = Discovery::new(Cache::new(None), clock);
    let provider = discovery.fresh(&profile, &http, &trace).await;
    let provider = provider.expect("a provider");
    let code = DeviceCode::new("canary-device");
    TokenEndpoint::new(&http, &provider, &profile, &Credentials::Public)
        .redeem_device_code(&code)
        .await
}

#[tokio::test]
async fn every_answer_of_the_standard_is_understood() {
    let answer = answer_to(refused("authorization_pending")).await;
    assert!(matches!(answer, Ok(DeviceAnswer::Pending)), "{answer:?}");
    let answer = answer_to(refused("slow_down")).await;
    assert!(matches!(answer, Ok(DeviceAnswer::SlowDown)), "{answer:?}");
    // GitHub sends its errors with status 200.
    let answer = answer_to(ok(r#"{"error":"authorization_pending"}"#)).await;
    assert!(matches!(answer, Ok(DeviceAnswer::Pending)), "{answer:?}");
    let answer = answer_to(ok(TOKENS)).await;
    assert!(matches!(answer, Ok(DeviceAnswer::Tokens(_))), "{answer:?}");
    for (answer, code) in [
        (refused("access_denied"), Code::ProviderDenied),
        (refused("expired_token"), Code::TimedOut),
        (refused("invalid_grant"), Code::InvalidGrant),
        (refused("invalid_client"), Code::TokenRequestRefused),
        (refused("unauthorized_client"), Code::TokenRequestRefused),
        (refused("device_flow_disabled"), Code::TokenRequestRefused),
        (refused("canary-device"), Code::TokenRequestRefused),
        (ok(r#"{"access_token":"a"}"#), Code::TokenResponseInvalid),
        (
            ok(r#"{"access_token":"a","token_type":"mac"}"#),
            Code::UnsupportedTokenType,
        ),
        ((302, String::new()), Code::TokenEndpointRedirect),
        ((503, "busy".to_owned()), Code::Unavailable),
    ] {
        let told = format!("{answer:?}");
        let error = answer_to(answer).await.expect_err(&told);
        assert_eq!(error.code(), code, "{told}");
        assert!(!error.message().contains("canary"), "{}", error.message());
    }
}

#[tokio::test]
async fn a_provider_without_it_says_so() {
    let double = Double::start([]).await;
    let url = &double.url;
    let text = format!(
        "client_id = \"x\"\n[endpoints]\nauthorization = \"{url}/authorize\"\ntoken = \"{url}/token\"\n"
    );
    let profile = Profile::parse(&"work".parse().expect("a name"), &text).expect("a profile");
    let doorkey = Doorkey::in_memory().build();
    assert!(!doorkey.offers_device(&profile).await.expect("to know"));
    let error = doorkey
        .begin_device(&profile)
        .await
        .expect_err("no such way");
    assert_eq!(error.code(), Code::UnsupportedProvider);
    assert!(double.asked().is_empty());
}

#[tokio::test]
async fn a_refused_or_unsafe_beginning_is_an_error() {
    for (answer, code) in [
        (refused("unauthorized_client"), Code::TokenRequestRefused),
        (
            ok(&ISSUED.replace("HOME/activate", "http://login.example.com/")),
            Code::TokenResponseInvalid,
        ),
        ((302, String::new()), Code::TokenEndpointRedirect),
    ] {
        let double = Double::start([answer]).await;
        let begun = Doorkey::in_memory().build();
        let error = begun.begin_device(&double.profile("")).await;
        assert_eq!(error.expect_err("refused").code(), code);
    }
}

#[tokio::test]
async fn giving_up_early_is_not_later_than_the_code() {
    let double = Double::start([ok(ISSUED)]).await;
    let doorkey = Doorkey::in_memory().build();
    let sign_in = doorkey
        .begin_device(&double.profile(""))
        .await
        .expect("to begin");
    let expires_at = sign_in.expires_at();
    let sign_in = sign_in.give_up_after(Duration::from_secs(6_000));
    assert_eq!(sign_in.expires_at(), expires_at);
    let sign_in = sign_in.give_up_after(Duration::ZERO);
    assert!(sign_in.expires_at() < expires_at);
    let error = sign_in.finish().await.expect_err("no time");
    assert_eq!(error.code(), Code::TimedOut);
    assert_eq!(double.asked().len(), 1);
}

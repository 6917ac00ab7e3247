//! What is sent to the token and revocation endpoints, and what is made of their answers.

use std::sync::{Arc, Mutex};

use doorkey_double::{Answer, Request, Server};
use serde_json::json;

use super::*;

const SECRET: &str = "canary-client-secret";
const TOKEN: &str = "canary-refresh-token";

/// A client of a server that answers as the test says.
struct Scene {
    server: Server,
    http: Http,
    provider: Provider,
    profile: Profile,
    credentials: Credentials,
}

impl Scene {
    async fn new(
        credentials: Credentials,
        answer: impl Fn(&Request) -> Answer + Send + Sync + 'static,
    ) -> Self {
        let server = Server::start(answer).await.expect("a port");
        let at = |path| Url::parse(&format!("{}/{path}", server.origin())).expect("a URL");
        let provider = Provider {
            issuer: None,
            authorization_endpoint: at("authorize"),
            token_endpoint: at("token"),
            device_authorization_endpoint: None,
            revocation_endpoint: Some(at("revoke")),
            userinfo_endpoint: None,
            end_session_endpoint: None,
            jwks_uri: None,
            id_token_algorithms: Vec::new(),
            advertises_s256: true,
            names_issuer_in_responses: false,
            scopes: None,
        };
        let name = "work".parse().expect("a name");
        let profile = Profile::for_issuer(&name, server.origin(), "desktop").expect("a profile");
        Self {
            server,
            http: Http::new(None),
            provider,
            profile,
            credentials,
        }
    }

    fn endpoint(&self) -> TokenEndpoint<'_> {
        TokenEndpoint::new(&self.http, &self.provider, &self.profile, &self.credentials)
    }

    async fn refresh(&self) -> Result<TokenResponse> {
        self.endpoint().refresh(&RefreshToken::new(TOKEN)).await
    }

    async fn refused(&self) -> Error {
        self.refresh().await.expect_err("refused")
    }

    async fn revoke(&self) -> Result<()> {
        let endpoint = self.provider.revocation_endpoint.as_ref();
        let token = RefreshToken::new(TOKEN);
        self.endpoint()
            .revoke(endpoint.expect("an endpoint"), Revocable::Refresh(&token))
            .await
    }

    /// What the server was asked.
    fn asked(&self) -> Vec<Request> {
        self.server.requests()
    }
}

fn public() -> Credentials {
    Credentials::Public
}

fn post() -> Credentials {
    Credentials::Post(ClientSecret::new(SECRET))
}

fn basic() -> Credentials {
    Credentials::Basic(ClientSecret::new(SECRET))
}

fn tokens() -> Answer {
    Answer::json(&json!({ "access_token": "canary-access", "token_type": "Bearer" }))
}

fn refusal(name: &str, description: &str) -> Answer {
    Answer::json(&json!({ "error": name, "error_description": description })).with_status(400)
}

/// The first answers to the first requests, and [`tokens`] to all others. Beside it, when each request came.
fn at_first(
    answers: impl IntoIterator<Item = Answer>,
) -> (
    impl Fn(&Request) -> Answer + Send + Sync + 'static,
    Arc<Mutex<Vec<Instant>>>,
) {
    let answers: Vec<_> = answers.into_iter().collect();
    let times = Arc::<Mutex<Vec<Instant>>>::default();
    let kept = Arc::clone(&times);
    let answer = move |_: &Request| {
        let mut times = kept.lock().expect("the times");
        times.push(Instant::now());
        let answer = answers.get(times.len() - 1);
        answer.cloned().unwrap_or_else(tokens)
    };
    (answer, times)
}

fn pauses(times: &Mutex<Vec<Instant>>) -> Vec<Duration> {
    let times = times.lock().expect("the times");
    times.windows(2).map(|pair| pair[1] - pair[0]).collect()
}

#[tokio::test]
async fn the_client_says_who_it_is_in_one_place() {
    for (credentials, id, secret, has_header) in [
        (public(), "desktop", "", false),
        (post(), "desktop", SECRET, false),
        (basic(), "", "", true),
    ] {
        let scene = Scene::new(credentials, |_| tokens()).await;
        let code = AuthorizationCode::new("canary-code");
        let verifier = CodeVerifier::new("canary-verifier");
        let uri = "http://127.0.0.1:49152/callback";
        let exchanged = scene.endpoint().exchange(&code, &verifier, uri).await;
        exchanged.expect("tokens");
        scene.refresh().await.expect("tokens");
        scene.revoke().await.expect("to be revoked");

        let asked = scene.asked();
        for request in &asked {
            assert_eq!(request.method, "POST");
            assert_eq!(request.field("client_id"), id, "{}", request.path);
            assert_eq!(request.field("client_secret"), secret, "{}", request.path);
            let header = request.header("authorization");
            let expected = scene.credentials.authorization("desktop");
            let expected = expected.as_ref().map(|value| value.to_str().expect("text"));
            assert_eq!(header, expected, "{}", request.path);
            assert_eq!(header.is_some(), has_header, "{}", request.path);
        }
        let [exchange, refresh, revocation] = asked.as_slice() else {
            panic!("{} requests", asked.len());
        };
        assert_eq!(exchange.field("grant_type"), "authorization_code");
        assert_eq!(exchange.field("code"), "canary-code");
        assert_eq!(exchange.field("code_verifier"), "canary-verifier");
        assert_eq!(exchange.field("redirect_uri"), uri);
        assert_eq!(refresh.field("grant_type"), "refresh_token");
        assert_eq!(refresh.field("refresh_token"), TOKEN);
        assert_eq!(revocation.field("token"), TOKEN);
        assert_eq!(revocation.field("token_type_hint"), "refresh_token");
    }
}

#[tokio::test]
async fn a_refusal_of_the_client_names_what_to_compare_and_another_does_not() {
    for (credentials, remedy) in [
        (public(), "set `token_endpoint_auth_method`"),
        (post(), "doorkey profile secret work"),
        (basic(), "doorkey profile secret work"),
    ] {
        for (name, description, is_about_client) in [
            ("invalid_client", "", true),
            ("incorrect_client_credentials", "", true),
            ("invalid_request", "client_secret is missing", true),
            ("invalid_request", "Too long", false),
            ("invalid_grant", "It has expired", false),
            ("bad_verification_code", "", false),
        ] {
            let answer = refusal(name, description);
            let scene = Scene::new(credentials.clone(), move |_| answer.clone()).await;
            let error = scene.refused().await;
            if is_about_client {
                assert!(error.hint().contains(remedy), "{name}: {}", error.hint());
            } else {
                assert_eq!(error.hint(), error.code().hint(), "{name}");
            }
        }
    }
}

#[tokio::test]
async fn only_invalid_grant_ends_a_session_and_trouble_of_the_server_is_no_refusal() {
    for (name, code) in [
        ("invalid_grant", Code::InvalidGrant),
        ("temporarily_unavailable", Code::Unavailable),
        ("server_error", Code::Unavailable),
        ("invalid_client", Code::TokenRequestRefused),
        ("server_errors", Code::TokenRequestRefused),
    ] {
        // Some servers send their errors with success.
        for status in [400, 200] {
            let answer = Answer::error(name).with_status(status);
            let scene = Scene::new(public(), move |_| answer.clone()).await;
            assert_eq!(scene.refused().await.code(), code, "{name} with {status}");
        }
    }
}

#[tokio::test]
async fn what_the_provider_says_is_told_unless_it_says_a_secret() {
    let plain = "The provider refused the token request: invalid_scope";
    for (description, told) in [
        ("No such scope", format!("{plain} (No such scope)")),
        ("xyzzy", format!("{plain} (xyzzy)")),
        ("", plain.to_owned()),
        ("\u{200b}", plain.to_owned()),
        ("canary-refresh-token is no scope", plain.to_owned()),
        ("canary-client-secret is no scope", plain.to_owned()),
    ] {
        for credentials in [post(), basic()] {
            let answer = refusal("invalid_scope", description);
            let scene = Scene::new(credentials, move |_| answer.clone()).await;
            assert_eq!(scene.refused().await.message(), told, "{description}");
        }
    }
    for name in ["", TOKEN, SECRET] {
        let scene = Scene::new(post(), move |_| Answer::error(name)).await;
        let message = scene.refused().await.message();
        let told = "The provider refused the token request: an error without a name";
        assert_eq!(message, told);
    }
}

#[tokio::test]
async fn a_revocation_counts_by_its_status_and_names_the_error() {
    let refused = "The provider answered the revocation with 400 Bad Request";
    let error = Answer::error;
    for (answer, code, told) in [
        (
            error("unsupported_token_type"),
            Code::TokenRequestRefused,
            format!("{refused} (unsupported_token_type)"),
        ),
        (error(TOKEN), Code::TokenRequestRefused, refused.to_owned()),
        (error(SECRET), Code::TokenRequestRefused, refused.to_owned()),
        (error(""), Code::TokenRequestRefused, refused.to_owned()),
        (
            Answer::status(400),
            Code::TokenRequestRefused,
            refused.to_owned(),
        ),
        (
            error("server_error").with_status(503),
            Code::Unavailable,
            "The provider answered the revocation with 503 Service Unavailable (server_error)"
                .to_owned(),
        ),
    ] {
        let scene = Scene::new(post(), move |_| answer.clone()).await;
        let error = scene.revoke().await.expect_err("refused");
        assert_eq!((error.code(), error.message()), (code, told));
        // A sign-out does not wait for another try.
        assert_eq!(scene.asked().len(), 1);
    }
    let scene = Scene::new(post(), |_| Answer::status(200)).await;
    scene.revoke().await.expect("to be revoked");
}

#[tokio::test]
async fn silence_of_a_token_endpoint_is_a_refusal_and_a_page_of_something_else_is_not() {
    let page =
        |status| Answer::bytes("text/html", "<p>Sign in to this network</p>").with_status(status);
    for (answer, code) in [
        (Answer::status(401), Code::TokenRequestRefused),
        (page(401), Code::Unavailable),
        (page(404), Code::Unavailable),
        (Answer::status(500), Code::Unavailable),
        (page(500), Code::Unavailable),
        (page(200), Code::TokenResponseInvalid),
    ] {
        let scene = Scene::new(public(), move |_| answer.clone()).await;
        let error = scene.refused().await;
        assert_eq!(error.code(), code, "{}", error.message());
        assert_eq!(scene.asked().len(), 1, "{}", error.message());
    }
}

// The clock is the real one here: over a socket, a paused one runs out as soon as nobody has anything to do.
#[tokio::test]
async fn a_server_that_says_later_is_asked_three_times_with_growing_pauses() {
    let busy = [503, 429].map(Answer::status);
    let (answer, times) = at_first(busy.clone());
    let scene = Scene::new(public(), answer).await;
    scene.refresh().await.expect("tokens at last");
    let asked = scene.asked();
    assert_eq!(asked.len(), 3);
    assert!(
        asked
            .iter()
            .all(|request| request.field("refresh_token") == TOKEN)
    );
    let pauses = pauses(&times);
    assert!(pauses[0] >= FIRST_WAIT, "{pauses:?}");
    assert!(pauses[1] >= 2 * FIRST_WAIT, "{pauses:?}");

    let (answer, _) = at_first(busy.into_iter().chain([Answer::status(503)]));
    let scene = Scene::new(public(), answer).await;
    assert_eq!(scene.refused().await.code(), Code::Unavailable);
    assert_eq!(scene.asked().len(), 3);
}

#[tokio::test]
async fn a_server_that_says_when_is_not_asked_sooner() {
    let busy = Answer::status(503).header("Retry-After", "1");
    let (answer, times) = at_first([busy]);
    let scene = Scene::new(public(), answer).await;
    scene.refresh().await.expect("tokens at last");
    let pauses = pauses(&times);
    assert_eq!(pauses.len(), 1);
    assert!(pauses[0] >= Duration::from_secs(1), "{pauses:?}");
}

#[tokio::test]
async fn a_request_is_repeated_only_if_no_byte_of_it_was_sent() {
    let mut scene = Scene::new(public(), |_| Answer::lost()).await;
    assert_eq!(scene.refused().await.code(), Code::NetworkLost);
    assert_eq!(scene.asked().len(), 1);

    scene.server.stop().await;
    let begun = Instant::now();
    assert_eq!(scene.refused().await.code(), Code::Offline);
    // Nobody counts who is refused: the pauses of three tries show it.
    assert!(begun.elapsed() >= 3 * FIRST_WAIT, "{:?}", begun.elapsed());
}

#[test]
fn retry_after_is_in_seconds_and_has_an_end() {
    let asked = |value: &str| {
        let value = HeaderValue::from_str(value).expect("a header");
        retry_after(&crate::http::Answer {
            status: StatusCode::SERVICE_UNAVAILABLE,
            headers: [(RETRY_AFTER, value)].into_iter().collect(),
            body: Vec::new().into(),
        })
    };
    assert_eq!(asked("0"), Some(Duration::ZERO));
    assert_eq!(asked(" 3 "), Some(Duration::from_secs(3)));
    assert_eq!(asked("86400"), Some(Duration::from_secs(5)));
    for unknown in ["", "-1", "soon", "Wed, 21 Oct 2026 07:28:00 GMT"] {
        assert_eq!(asked(unknown), None, "{unknown}");
    }
}

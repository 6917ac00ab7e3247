//! A browser without a screen, and an app without a window.

use std::collections::BTreeMap;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use doorkey_idp::{Config, DEMO_CLIENT_ID, DEMO_SCOPES, Running, start};
use reqwest::{Response, StatusCode, header};
use scraper::{ElementRef, Html, Selector};
use serde_json::Value;
use sha2::{Digest, Sha256};
use url::Url;

/// The pair of RFC 7636, appendix B.
pub(crate) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub(crate) const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
/// Nobody listens there: the agent stops before it would go.
pub(crate) const REDIRECT_URI: &str = "http://127.0.0.1:9/callback";

pub(crate) async fn provider() -> Running {
    start(Config {
        port: 0,
        ..Config::default()
    })
    .await
    .unwrap()
}

/// A client that follows nothing by itself and keeps no cookie: an app.
pub(crate) fn app() -> reqwest::Client {
    reqwest::Client::builder()
        .no_proxy()
        .tls_certs_only([])
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap()
}

/// The parameters of a good authorization request.
pub(crate) fn request() -> BTreeMap<&'static str, String> {
    BTreeMap::from([
        ("response_type", "code".to_owned()),
        ("client_id", DEMO_CLIENT_ID.to_owned()),
        ("redirect_uri", REDIRECT_URI.to_owned()),
        ("scope", DEMO_SCOPES.to_owned()),
        ("state", "a state & more=".to_owned()),
        ("nonce", "a-nonce".to_owned()),
        ("code_challenge", CHALLENGE.to_owned()),
        ("code_challenge_method", "S256".to_owned()),
    ])
}

pub(crate) fn with(changes: &[(&'static str, &str)]) -> BTreeMap<&'static str, String> {
    let mut request = request();
    for (name, value) in changes {
        request.insert(name, (*value).to_owned());
    }
    request
}

pub(crate) fn authorize_url(provider: &Running, request: &BTreeMap<&'static str, String>) -> Url {
    Url::parse_with_params(&format!("{}/authorize", provider.issuer()), request).unwrap()
}

/// A page as the agent reads it.
pub(crate) struct Page {
    pub(crate) url: Url,
    pub(crate) status: StatusCode,
    pub(crate) headers: header::HeaderMap,
    pub(crate) text: String,
}

/// Where a walk through the pages ended.
pub(crate) enum Stop {
    /// A page to read.
    Page(Page),
    /// The answer to the app: everything in its query.
    Home(BTreeMap<String, String>),
}

impl Stop {
    pub(crate) fn home(self) -> BTreeMap<String, String> {
        match self {
            Self::Home(answer) => answer,
            Self::Page(page) => panic!("still on {}: {}", page.url, page.text),
        }
    }

    pub(crate) fn page(self) -> Page {
        match self {
            Self::Page(page) => page,
            Self::Home(answer) => panic!("came home with {:?}", answer.keys()),
        }
    }
}

/// A browser with a cookie jar.
pub(crate) struct Agent {
    http: reqwest::Client,
}

impl Agent {
    pub(crate) fn new() -> Self {
        let http = reqwest::Client::builder()
            .no_proxy()
            .tls_certs_only([])
            .cookie_store(true)
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .unwrap();
        Self { http }
    }

    /// Opens an address and follows where it leads.
    pub(crate) async fn open(&self, url: impl AsRef<str>) -> Stop {
        let url = Url::parse(url.as_ref()).unwrap();
        let response = self.http.get(url).send().await.unwrap();
        self.follow(response).await
    }

    /// Presses the button with this name on a page, with these fields filled.
    pub(crate) async fn press(&self, page: &Page, button: &str, fields: &[(&str, &str)]) -> Stop {
        let (method, action, form) = form_of(page, button, fields);
        let request = match method.as_str() {
            "post" => self.http.post(action).form(&form),
            _ => self
                .http
                .get(Url::parse_with_params(action.as_str(), &form).unwrap()),
        };
        let response = request.send().await.unwrap();
        self.follow(response).await
    }

    /// Signs in with the upstream and allows everything.
    pub(crate) async fn sign_in(
        &self,
        provider: &Running,
        request: &BTreeMap<&'static str, String>,
    ) -> BTreeMap<String, String> {
        let page = self.open(authorize_url(provider, request)).await.page();
        let page = self
            .press(&page, "Continue with Demo Upstream", &[])
            .await
            .page();
        let page = if page.text.contains("asks for access") {
            page
        } else {
            self.press(
                &page,
                "Sign in",
                &[("username", "ada"), ("password", "demo")],
            )
            .await
            .page()
        };
        self.press(&page, "Allow", &[]).await.home()
    }

    async fn follow(&self, mut response: Response) -> Stop {
        for _ in 0..10 {
            let Some(location) = response.headers().get(header::LOCATION) else {
                let (url, status) = (response.url().clone(), response.status());
                let headers = response.headers().clone();
                let text = response.text().await.unwrap();
                return Stop::Page(Page {
                    url,
                    status,
                    headers,
                    text,
                });
            };
            assert_eq!(
                response.status(),
                StatusCode::SEE_OTHER,
                "a form must not be sent on"
            );
            let next = response.url().join(location.to_str().unwrap()).unwrap();
            if next.path().starts_with("/callback") || next.scheme() != "http" {
                return Stop::Home(next.query_pairs().into_owned().collect());
            }
            response = self.http.get(next).send().await.unwrap();
        }
        panic!("redirects without end");
    }
}

type Form = Vec<(String, String)>;

fn form_of(page: &Page, button: &str, fields: &[(&str, &str)]) -> (String, Url, Form) {
    let html = Html::parse_document(&page.text);
    let select = |selector: &str| Selector::parse(selector).unwrap();
    let (forms, inputs, buttons) = (select("form"), select("input"), select("button"));
    let label = |element: &ElementRef<'_>| element.text().collect::<String>();
    let attribute =
        |element: &ElementRef<'_>, name: &str| element.value().attr(name).map(str::to_owned);
    for form in html.select(&forms) {
        let Some(pressed) = form
            .select(&buttons)
            .find(|candidate| label(candidate) == button)
        else {
            continue;
        };
        let mut values: Form = form
            .select(&inputs)
            .map(|input| {
                let name = attribute(&input, "name").unwrap();
                let filled = fields.iter().find(|(field, _)| *field == name);
                let value = match filled {
                    Some((_, value)) => (*value).to_owned(),
                    None => attribute(&input, "value").unwrap_or_default(),
                };
                (name, value)
            })
            .collect();
        if let Some(name) = attribute(&pressed, "name") {
            values.push((name, attribute(&pressed, "value").unwrap_or_default()));
        }
        let action = page.url.join(&attribute(&form, "action").unwrap()).unwrap();
        return (attribute(&form, "method").unwrap(), action, values);
    }
    panic!("no button {button:?} on {}: {}", page.url, page.text);
}

/// Sends a form to one of the broker's endpoints.
pub(crate) async fn post(
    provider: &Running,
    path: &str,
    form: &[(&str, &str)],
) -> (StatusCode, Value) {
    let response = app()
        .post(format!("{}{path}", provider.issuer()))
        .form(form)
        .send()
        .await
        .unwrap();
    let status = response.status();
    let text = response.text().await.unwrap();
    (status, serde_json::from_str(&text).unwrap_or(Value::Null))
}

pub(crate) async fn redeem(provider: &Running, code: &str) -> (StatusCode, Value) {
    let form = [
        ("grant_type", "authorization_code"),
        ("client_id", DEMO_CLIENT_ID),
        ("code", code),
        ("redirect_uri", REDIRECT_URI),
        ("code_verifier", VERIFIER),
    ];
    post(provider, "/token", &form).await
}

pub(crate) async fn refresh(provider: &Running, refresh_token: &str) -> (StatusCode, Value) {
    let form = [
        ("grant_type", "refresh_token"),
        ("client_id", DEMO_CLIENT_ID),
        ("refresh_token", refresh_token),
    ];
    post(provider, "/token", &form).await
}

/// Tokens of a fresh sign-in.
pub(crate) async fn tokens(provider: &Running) -> Value {
    let answer = Agent::new().sign_in(provider, &request()).await;
    let (status, tokens) = redeem(provider, &answer["code"]).await;
    assert_eq!(status, StatusCode::OK, "{tokens}");
    tokens
}

pub(crate) fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name]
        .as_str()
        .unwrap_or_else(|| panic!("no text {name} in {value}"))
}

/// Calls the API with a token.
pub(crate) async fn call(provider: &Running, path: &str, token: &str) -> Response {
    app()
        .get(format!("{}{path}", provider.api()))
        .bearer_auth(token)
        .send()
        .await
        .unwrap()
}

/// Header and claims of a token, unverified.
pub(crate) fn parts(token: &str) -> (Value, Value) {
    let mut parts = token.split('.').map(|part| {
        let bytes = URL_SAFE_NO_PAD.decode(part).unwrap();
        serde_json::from_slice(&bytes).unwrap_or(Value::Null)
    });
    (parts.next().unwrap(), parts.next().unwrap())
}

pub(crate) fn left_half_of_hash(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(&Sha256::digest(text.as_bytes())[..16])
}

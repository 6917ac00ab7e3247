use std::time::Duration;

use doorkey_tests::{
    Error, Result,
    agent::{Arrival, Person, walk},
    peer::{CLIENT, Provider},
};
use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};
use url::Url;

// The pair of RFC 7636, appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

#[tokio::test]
async fn signs_in_calls_refreshes_and_revokes_a_family_on_reuse() -> Result<()> {
    let provider = Provider::start().await?;
    let (arrival, redirect_uri) = sign_in(&provider, &Person::default(), &[]).await?;
    let titles: Vec<_> = arrival
        .pages
        .iter()
        .map(|page| page.title.as_str())
        .collect();
    assert_eq!(titles, ["Sign-in", "Sign-in", "home"]);
    assert_eq!(parameter(&arrival.url, "state"), "x");

    let code = parameter(&arrival.url, "code");
    let exchange = [
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("redirect_uri", &redirect_uri),
    ];
    let wrong = post(
        &provider,
        "token",
        &[&exchange[..], &[("code_verifier", CHALLENGE)]].concat(),
    )
    .await?;
    assert_eq!(
        (wrong.0, wrong.1["error"].as_str()),
        (400, Some("invalid_grant"))
    );
    let (status, first) = post(
        &provider,
        "token",
        &[&exchange[..], &[("code_verifier", VERIFIER)]].concat(),
    )
    .await?;
    assert_eq!(status, 200, "{first}");
    assert!(first["id_token"].is_string());

    assert_eq!(me(&provider, &first).await?.0, 200);
    assert_eq!(me(&provider, &first).await?.1["sub"], "ada");
    assert_eq!(me(&provider, &Value::Null).await?.0, 401);

    let (status, second) = refresh(&provider, &first).await?;
    assert_eq!(status, 200, "{second}");
    assert_ne!(first["refresh_token"], second["refresh_token"]);
    assert_eq!(
        refresh(&provider, &first).await?.1["error"],
        "invalid_grant"
    );
    assert_eq!(
        refresh(&provider, &second).await?.1["error"],
        "invalid_grant",
        "the family should be gone"
    );
    Ok(())
}

#[tokio::test]
async fn revoked_tokens_are_refused() -> Result<()> {
    let provider = Provider::start().await?;
    let (arrival, redirect_uri) = sign_in(&provider, &Person::default(), &[]).await?;
    let tokens = exchange(&provider, &arrival, &redirect_uri).await?;
    let (status, _) = post(
        &provider,
        "token/revocation",
        &[("token", text(&tokens, "refresh_token"))],
    )
    .await?;
    assert_eq!(status, 200);
    assert_eq!(
        refresh(&provider, &tokens).await?.1["error"],
        "invalid_grant"
    );
    Ok(())
}

#[tokio::test]
async fn access_tokens_live_as_long_as_asked() -> Result<()> {
    let provider = Provider::with_access_token_lifetime(Duration::from_secs(2)).await?;
    let (arrival, redirect_uri) = sign_in(&provider, &Person::default(), &[]).await?;
    assert_eq!(
        exchange(&provider, &arrival, &redirect_uri).await?["expires_in"],
        2
    );
    Ok(())
}

#[tokio::test]
async fn plain_pkce_is_refused() -> Result<()> {
    let provider = Provider::start().await?;
    let plain = [("code_challenge_method", "plain")];
    let (arrival, _) = sign_in(&provider, &Person::default(), &plain).await?;
    assert_eq!(parameter(&arrival.url, "error"), "invalid_request");
    Ok(())
}

#[tokio::test]
async fn another_person_signs_in_and_a_person_refuses() -> Result<()> {
    let provider = Provider::start().await?;
    let grace = Person {
        user: "grace".to_owned(),
        ..Person::default()
    };
    let (arrival, redirect_uri) = sign_in(&provider, &grace, &[]).await?;
    let tokens = exchange(&provider, &arrival, &redirect_uri).await?;
    assert_eq!(me(&provider, &tokens).await?.1["sub"], "grace");

    let refusing = Person {
        denies: true,
        ..Person::default()
    };
    let (arrival, _) = sign_in(&provider, &refusing, &[]).await?;
    assert_eq!(parameter(&arrival.url, "error"), "access_denied");
    Ok(())
}

#[tokio::test]
async fn the_agent_sends_form_post_on() -> Result<()> {
    let provider = Provider::start().await?;
    let (arrival, _) = sign_in(
        &provider,
        &Person::default(),
        &[("response_mode", "form_post")],
    )
    .await?;
    assert_eq!(arrival.url.query(), None);
    assert_eq!(
        arrival.pages.last().map(|page| page.title.as_str()),
        Some("posted")
    );
    Ok(())
}

/// Walks through a sign-in, with a program at the other end that says how the answer came.
pub(crate) async fn sign_in(
    provider: &Provider,
    person: &Person,
    more: &[(&str, &str)],
) -> Result<(Arrival, String)> {
    let (redirect_uri, listener) = callback().await?;
    let url = authorization_request(provider, &redirect_uri, more)?;
    let (arrival, ()) = tokio::try_join!(walk(url, person), answer(listener))?;
    Ok((arrival, redirect_uri))
}

/// A loopback port that waits for an answer.
pub(crate) async fn callback() -> Result<(String, TcpListener)> {
    let listener = TcpListener::bind("127.0.0.1:0")
        .await
        .map_err(Error::io("listen"))?;
    let port = listener
        .local_addr()
        .map_err(Error::io("read a port"))?
        .port();
    Ok((format!("http://127.0.0.1:{port}/callback"), listener))
}

/// Answers one request with a page whose title says whether it came as a form.
pub(crate) async fn answer(listener: TcpListener) -> Result<()> {
    let (mut stream, _) = listener.accept().await.map_err(Error::io("accept"))?;
    let mut request = [0; 8192];
    let length = stream
        .read(&mut request)
        .await
        .map_err(Error::io("read a request"))?;
    let title = if request[..length].starts_with(b"POST ") {
        "posted"
    } else {
        "home"
    };
    let body = format!("<title>{title}</title>");
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    stream
        .write_all((head + &body).as_bytes())
        .await
        .map_err(Error::io("answer"))
}

pub(crate) fn authorization_request(
    provider: &Provider,
    redirect_uri: &str,
    more: &[(&str, &str)],
) -> Result<Url> {
    let usual = [
        ("client_id", CLIENT),
        ("response_type", "code"),
        ("redirect_uri", redirect_uri),
        ("scope", "openid profile email offline_access"),
        ("state", "x"),
        ("nonce", "y"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ];
    let usual = usual
        .into_iter()
        .filter(|(name, _)| !more.iter().any(|(other, _)| name == other));
    Url::parse_with_params(
        &format!("{}/auth", provider.issuer()),
        usual.chain(more.iter().copied()),
    )
    .map_err(|error| Error::unexpected("test", error.to_string()))
}

async fn exchange(provider: &Provider, arrival: &Arrival, redirect_uri: &str) -> Result<Value> {
    let code = parameter(&arrival.url, "code");
    let form = [
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("redirect_uri", redirect_uri),
        ("code_verifier", VERIFIER),
    ];
    let (status, tokens) = post(provider, "token", &form).await?;
    assert_eq!(status, 200, "{tokens}");
    Ok(tokens)
}

async fn refresh(provider: &Provider, tokens: &Value) -> Result<(u16, Value)> {
    let form = [
        ("grant_type", "refresh_token"),
        ("refresh_token", text(tokens, "refresh_token")),
    ];
    post(provider, "token", &form).await
}

async fn me(provider: &Provider, tokens: &Value) -> Result<(u16, Value)> {
    let mut request = reqwest::Client::new().get(format!("{}me", provider.api()));
    if let Some(token) = tokens["access_token"].as_str() {
        request = request.bearer_auth(token);
    }
    json(request).await
}

async fn post(provider: &Provider, path: &str, form: &[(&str, &str)]) -> Result<(u16, Value)> {
    let form = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(form)
        .append_pair("client_id", CLIENT)
        .finish();
    let request = reqwest::Client::new().post(format!("{}/{path}", provider.issuer()));
    json(
        request
            .header("content-type", "application/x-www-form-urlencoded")
            .body(form),
    )
    .await
}

async fn json(request: reqwest::RequestBuilder) -> Result<(u16, Value)> {
    let response = request.send().await?;
    let status = response.status().as_u16();
    Ok((
        status,
        serde_json::from_str(&response.text().await?).unwrap_or_default(),
    ))
}

fn text<'a>(tokens: &'a Value, name: &str) -> &'a str {
    tokens[name].as_str().unwrap_or_default()
}

fn parameter(url: &Url, name: &str) -> String {
    url.query_pairs()
        .find(|(other, _)| other == name)
        .map(|(_, value)| value.into_owned())
        .unwrap_or_default()
}

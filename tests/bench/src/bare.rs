//! A sign-in reduced to its requests. It believes every answer and keeps nothing: a floor, not an example.

use std::io;
use std::net::Ipv4Addr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use reqwest::header::CONTENT_TYPE;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use url::Url;
use url::form_urlencoded::Serializer;

/// What is asked for: what `doorkey` asks for by itself.
pub const SCOPES: &str = "openid profile email offline_access";

/// A provider's endpoints, as its metadata names them.
#[derive(Clone, Debug, Deserialize)]
pub struct Metadata {
    /// Where the browser goes.
    pub authorization_endpoint: Url,
    /// Where code and verifier go.
    pub token_endpoint: Url,
    /// Where the keys are.
    pub jwks_uri: Url,
}

/// What a sign-in gives.
#[derive(Deserialize)]
pub struct Tokens {
    /// For the API.
    pub access_token: String,
    /// For more of them.
    pub refresh_token: String,
}

/// A sign-in that waits for the browser.
#[derive(Debug)]
pub struct Attempt {
    listener: TcpListener,
    redirect_uri: String,
    verifier: String,
    url: Url,
}

/// Why there are no tokens.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A request failed.
    #[error("HTTP: {0}")]
    Http(#[source] reqwest::Error),
    /// The loopback port or the browser failed.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// An address is none.
    #[error("{0}")]
    Url(#[from] url::ParseError),
    /// The system gave no random bytes.
    #[error("{0}")]
    Random(#[from] getrandom::Error),
    /// An answer was not what was asked for.
    #[error("{0}")]
    Answer(String),
}

/// Without the URL: it may hold a code.
impl From<reqwest::Error> for Error {
    fn from(error: reqwest::Error) -> Self {
        Self::Http(error.without_url())
    }
}

/// Signs in: metadata, browser, code, tokens; the keys are fetched while the person is in the browser.
///
/// # Errors
/// Whatever fails first.
pub async fn sign_in(
    http: &reqwest::Client,
    issuer: &str,
    client_id: &str,
    open: impl FnOnce(&Url) -> io::Result<()>,
) -> Result<(Metadata, Tokens), Error> {
    let metadata = discover(http, issuer).await?;
    let attempt = Attempt::begin(&metadata, client_id).await?;
    open(attempt.url())?;
    let (code, _keys) =
        tokio::try_join!(attempt.code(), body(http.get(metadata.jwks_uri.clone())))?;
    let tokens = attempt.redeem(http, &metadata, client_id, &code).await?;
    Ok((metadata, tokens))
}

/// Asks for the provider's metadata.
///
/// # Errors
/// When there is none.
pub async fn discover(http: &reqwest::Client, issuer: &str) -> Result<Metadata, Error> {
    let url = format!(
        "{}/.well-known/openid-configuration",
        issuer.trim_end_matches('/')
    );
    parse(&body(http.get(url)).await?)
}

impl Attempt {
    /// Listens on a free port and makes the address for the browser.
    ///
    /// # Errors
    /// When no port is free.
    pub async fn begin(metadata: &Metadata, client_id: &str) -> Result<Self, Error> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let redirect_uri = format!(
            "http://127.0.0.1:{}/callback",
            listener.local_addr()?.port()
        );
        let verifier = random()?;
        let mut url = metadata.authorization_endpoint.clone();
        url.query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", client_id)
            .append_pair("redirect_uri", &redirect_uri)
            .append_pair("scope", SCOPES)
            .append_pair("state", &random()?)
            .append_pair("nonce", &random()?)
            .append_pair(
                "code_challenge",
                &URL_SAFE_NO_PAD.encode(Sha256::digest(&verifier)),
            )
            .append_pair("code_challenge_method", "S256");
        Ok(Self {
            listener,
            redirect_uri,
            verifier,
            url,
        })
    }

    /// What the browser is given.
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// Takes the first request that comes for the answer, and says thanks.
    ///
    /// # Errors
    /// When it holds no code.
    pub async fn code(&self) -> Result<String, Error> {
        let (mut stream, _) = self.listener.accept().await?;
        let mut head = Vec::with_capacity(2048);
        while !head.windows(4).any(|bytes| bytes == b"\r\n\r\n") {
            if stream.read_buf(&mut head).await? == 0 {
                return Err(Error::Answer("the browser hung up".to_owned()));
            }
        }
        stream
            .write_all(
                b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\nConnection: close\r\n\r\nSigned in",
            )
            .await?;
        let head = String::from_utf8_lossy(&head);
        let target = head.split(' ').nth(1).unwrap_or_default();
        let answer = Url::parse("http://127.0.0.1")?.join(target)?;
        let code = answer.query_pairs().find(|(name, _)| name == "code");
        code.map(|(_, code)| code.into_owned())
            .ok_or_else(|| Error::Answer("there is no code in the answer".to_owned()))
    }

    async fn redeem(
        &self,
        http: &reqwest::Client,
        metadata: &Metadata,
        client_id: &str,
        code: &str,
    ) -> Result<Tokens, Error> {
        let form = Serializer::new(String::new())
            .append_pair("grant_type", "authorization_code")
            .append_pair("code", code)
            .append_pair("code_verifier", &self.verifier)
            .append_pair("redirect_uri", &self.redirect_uri)
            .append_pair("client_id", client_id)
            .finish();
        let request = http
            .post(metadata.token_endpoint.clone())
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(form);
        parse(&body(request).await?)
    }
}

async fn body(request: reqwest::RequestBuilder) -> Result<Vec<u8>, Error> {
    Ok(request
        .send()
        .await?
        .error_for_status()?
        .bytes()
        .await?
        .into())
}

fn parse<T: for<'a> Deserialize<'a>>(body: &[u8]) -> Result<T, Error> {
    // The parser's words may quote a token.
    serde_json::from_slice(body)
        .map_err(|_| Error::Answer("the provider's answer is not what was asked for".to_owned()))
}

fn random() -> Result<String, Error> {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes)?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

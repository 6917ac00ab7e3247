//! The token endpoint of the embedded provider, beside npm `oidc-provider`, under the same load: many
//! clients at once, each of which redeems the refresh token that it got last.

use std::process::Command;
use std::time::{Duration, Instant};

use doorkey_bench::bare;
use doorkey_idp::DEMO_CLIENT_ID;
use doorkey_tests::agent::{Person, walk};
use doorkey_tests::peer;
use doorkey_tests::process::{READY, Running};
use doorkey_tests::program;
use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::header::{CONTENT_TYPE, HOST};
use hyper::{Request, StatusCode};
use hyper_util::rt::TokioIo;
use serde::Deserialize;
use tokio::net::TcpStream;
use url::Url;
use url::form_urlencoded::Serializer;

use super::Effort;
use crate::error::{Result, unexpected};
use crate::report::Line;
use crate::sample::Sample;

/// How many clients ask at the same time.
const CLIENTS: usize = 16;

pub(crate) async fn measure(effort: Effort) -> Result<Vec<Line>> {
    let embedded = Embedded::start().await?;
    let peer = peer::Provider::start().await?;
    let mut ours = Load::prepare(&embedded.issuer, DEMO_CLIENT_ID).await?;
    let mut theirs = Load::prepare(peer.issuer(), peer::CLIENT).await?;
    let length = Duration::from_secs_f64(effort.load_seconds);
    let (mut our_rate, mut their_rate) = (Sample::default(), Sample::default());
    // The first of each is not counted: Node compiles what is hot only then.
    for round in 0..=effort.load_rounds {
        let (one, other) = (ours.run(length).await?, theirs.run(length).await?);
        if round > 0 {
            our_rate.push(one);
            their_rate.push(other);
        }
    }
    let line = Line::rate(
        "embedded provider, token endpoint",
        our_rate.median(),
        "oidc-provider (Node)",
        their_rate.median(),
        our_rate.len(),
    );
    Ok(vec![line.at_least(10.0)])
}

/// The embedded provider as a program of its own.
struct Embedded {
    _server: Running,
    issuer: String,
}

#[derive(Deserialize)]
struct Ready {
    issuer: String,
}

impl Embedded {
    async fn start() -> Result<Self> {
        let mut command = Command::new(program::provider()?);
        command.args(["--port", "0", "--json"]);
        let mut server = Running::start("doorkey-idp", command)?;
        let ready: Ready = server
            .line("the issuer", READY, |line| serde_json::from_str(line).ok())
            .await?;
        Ok(Self {
            _server: server,
            issuer: ready.issuer,
        })
    }
}

/// Clients of one provider, each signed in for itself.
struct Load {
    endpoint: Url,
    client_id: String,
    refresh_tokens: Vec<String>,
}

/// What of a token response the next request needs.
#[derive(Deserialize)]
struct Renewed {
    refresh_token: String,
}

impl Load {
    async fn prepare(issuer: &str, client_id: &str) -> Result<Self> {
        let http = reqwest::Client::builder()
            .no_proxy()
            .tls_certs_only([])
            .build()?;
        let endpoint = bare::discover(&http, issuer).await?.token_endpoint;
        let mut refresh_tokens = Vec::with_capacity(CLIENTS);
        for _ in 0..CLIENTS {
            let (_, tokens) = bare::sign_in(&http, issuer, client_id, |url| {
                let url = url.clone();
                tokio::spawn(async move { walk(url, &Person::default()).await });
                Ok(())
            })
            .await?;
            refresh_tokens.push(tokens.refresh_token);
        }
        Ok(Self {
            endpoint,
            client_id: client_id.to_owned(),
            refresh_tokens,
        })
    }

    /// Lets all clients refresh for so long, and returns how many refreshes there were in a second.
    async fn run(&mut self, length: Duration) -> Result<f64> {
        let mut clients = Vec::with_capacity(CLIENTS);
        for refresh_token in self.refresh_tokens.drain(..) {
            clients.push(Client::connect(&self.endpoint, &self.client_id, refresh_token).await?);
        }
        let started = Instant::now();
        let tasks: Vec<_> = clients
            .into_iter()
            .map(|client| tokio::spawn(client.refresh_until(started + length)))
            .collect();
        let mut requests = 0;
        for task in tasks {
            let (count, refresh_token) = task.await??;
            requests += count;
            self.refresh_tokens.push(refresh_token);
        }
        Ok(f64::from(requests) / started.elapsed().as_secs_f64())
    }
}

/// One connection, one chain of refresh tokens.
struct Client {
    connection: SendRequest<Full<Bytes>>,
    host: String,
    path: String,
    client_id: String,
    refresh_token: String,
}

impl Client {
    async fn connect(endpoint: &Url, client_id: &str, refresh_token: String) -> Result<Self> {
        let host = endpoint.authority().to_owned();
        let stream = TcpStream::connect(&host).await?;
        stream.set_nodelay(true)?;
        let (connection, driver) = handshake(TokioIo::new(stream)).await?;
        // It ends with its client; what goes wrong on it shows in the request.
        tokio::spawn(driver);
        Ok(Self {
            connection,
            host,
            path: endpoint.path().to_owned(),
            client_id: client_id.to_owned(),
            refresh_token,
        })
    }

    async fn refresh_until(mut self, end: Instant) -> Result<(u32, String)> {
        let mut count = 0;
        while Instant::now() < end {
            self.refresh().await?;
            count += 1;
        }
        Ok((count, self.refresh_token))
    }

    async fn refresh(&mut self) -> Result<()> {
        let form = Serializer::new(String::new())
            .append_pair("grant_type", "refresh_token")
            .append_pair("client_id", &self.client_id)
            .append_pair("refresh_token", &self.refresh_token)
            .finish();
        let request = Request::post(&self.path)
            .header(HOST, &self.host)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Full::from(form))
            .map_err(|error| unexpected(error.to_string()))?;
        self.connection.ready().await?;
        let response = self.connection.send_request(request).await?;
        let status = response.status();
        let body = response.into_body().collect().await?.to_bytes();
        if status != StatusCode::OK {
            return Err(unexpected(format!(
                "the token endpoint of {} answered {status}",
                self.host
            )));
        }
        let renewed: Renewed = serde_json::from_slice(&body)?;
        if renewed.refresh_token == self.refresh_token {
            return Err(unexpected(format!(
                "the provider at {} does not rotate refresh tokens",
                self.host
            )));
        }
        self.refresh_token = renewed.refresh_token;
        Ok(())
    }
}

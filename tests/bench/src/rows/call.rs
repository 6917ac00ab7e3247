//! A call through the engine's protected-API caller, beside bare reqwest with the header set.

use std::future;
use std::net::Ipv4Addr;
use std::thread;
use std::time::{Duration, Instant};

use axum::Router;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use axum::serve::ListenerExt as _;
use doorkey_core::{ApiRequest, Doorkey, MemoryStore, Session};
use doorkey_tests::agent::{Person, walk};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use url::Url;

use super::Effort;
use crate::error::{Result, unexpected};
use crate::report::Line;
use crate::sample::Sample;
use crate::surroundings::{profile, provider};

const ANSWER: &str = r#"{"sub":"upstream|ada","name":"Ada Lovelace","email":"ada@example.com","email_verified":true}"#;
const FLOOR: &str = "bare reqwest";

/// Calls that are not counted: connections are made, caches are filled.
const WARM_UP: usize = 200;

pub(crate) async fn measure(effort: Effort) -> Result<Vec<Line>> {
    // On a worker of the runtime, where the calls of a program are made too.
    tokio::spawn(run(effort)).await?
}

async fn run(effort: Effort) -> Result<Vec<Line>> {
    let (median, p99) = compare(effort, &serve().await?, "API call").await?;
    let mut lines = vec![median.at_most(1.05), p99.at_most(1.10)];
    // Without a target: a server that shares no thread with its client costs both a change of threads.
    let elsewhere = serve_elsewhere().await?;
    let (median, p99) = compare(effort, &elsewhere, "API call, server on its own thread").await?;
    lines.extend([median, p99]);
    Ok(lines)
}

/// Median and 99th percentile.
async fn compare(effort: Effort, api: &str, work: &str) -> Result<(Line, Line)> {
    let folder = tempfile::tempdir()?;
    let session = sign_in(folder.path(), api).await?;
    let token = session.access_token(Duration::ZERO).await?;
    let authorization = format!("Bearer {}", token.expose());
    let http = reqwest::Client::builder().build()?;
    let url = format!("{api}/me");
    let (mut through_engine, mut bare) = (Sample::default(), Sample::default());
    for call in 0..WARM_UP + effort.calls {
        // In turns, and each first as often as the other.
        let pair = if call % 2 == 0 {
            let engine = engine_call(&session).await?;
            (engine, bare_call(&http, &url, &authorization).await?)
        } else {
            let bare = bare_call(&http, &url, &authorization).await?;
            (engine_call(&session).await?, bare)
        };
        if call >= WARM_UP {
            through_engine.push_time(pair.0);
            bare.push_time(pair.1);
        }
    }
    let line = |figure: &str, hundredths: f64| {
        Line::above_floor(
            &format!("{work}, {figure}"),
            through_engine.percentile(hundredths),
            FLOOR,
            bare.percentile(hundredths),
            bare.len(),
        )
    };
    Ok((line("median", 50.0), line("p99", 99.0)))
}

async fn engine_call(session: &Session) -> Result<Duration> {
    let started = Instant::now();
    let answer = session.call(ApiRequest::get("/me")).await?;
    let elapsed = started.elapsed();
    if answer.status == 200 && answer.body == ANSWER.as_bytes() {
        Ok(elapsed)
    } else {
        Err(unexpected(format!("the API answered {}", answer.status)))
    }
}

async fn bare_call(http: &reqwest::Client, url: &str, authorization: &str) -> Result<Duration> {
    let started = Instant::now();
    let answer = http
        .get(url)
        .header(AUTHORIZATION, authorization)
        .send()
        .await?;
    let status = answer.status();
    let body = answer.bytes().await?;
    let elapsed = started.elapsed();
    if status == 200 && body == ANSWER {
        Ok(elapsed)
    } else {
        Err(unexpected(format!("the API answered {status}")))
    }
}

/// A small API on this runtime; it wants a token, and does not look at it.
async fn serve() -> Result<String> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let origin = format!("http://{}", listener.local_addr()?);
    let listener = listener.tap_io(|stream| {
        // An error leaves a slower connection, for both.
        let _ = stream.set_nodelay(true);
    });
    let router = Router::new().route("/me", get(me));
    tokio::spawn(async move { axum::serve(listener, router).await });
    Ok(origin)
}

/// The same on a thread of its own, which ends with this program.
async fn serve_elsewhere() -> Result<String> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let (tell, told) = oneshot::channel();
    thread::spawn(move || {
        runtime.block_on(async {
            // Whoever asked waits for it.
            let _ = tell.send(serve().await);
            future::pending::<()>().await;
        });
    });
    told.await
        .map_err(|_| unexpected("the server's thread ended"))?
}

async fn me(headers: HeaderMap) -> Response {
    if headers.contains_key(AUTHORIZATION) {
        ([(CONTENT_TYPE, "application/json")], ANSWER).into_response()
    } else {
        StatusCode::UNAUTHORIZED.into_response()
    }
}

/// A session that is kept, as the app's and the command's are: each call looks whether it has changed.
async fn sign_in(folder: &std::path::Path, api: &str) -> Result<Session> {
    let provider = provider().await?;
    let doorkey = Doorkey::builder(folder)
        .store(MemoryStore::default())
        .build();
    let session = doorkey.sign_in(&profile(&provider, api)?, &person).await?;
    provider.shutdown().await;
    Ok(session)
}

/// Walks through the provider's pages as a person would.
pub(super) fn person(url: &Url) -> doorkey_core::Result<()> {
    let url = url.clone();
    // A walk that ends early leaves the sign-in to its deadline.
    tokio::spawn(async move { walk(url, &Person::default()).await });
    Ok(())
}

//! Ctrl-C at the worst moment: while the provider is about to issue tokens.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use axum::{
    Form, Json, Router,
    extract::{Query, State},
    response::{IntoResponse as _, Redirect, Response},
    routing::{get, post},
};
use doorkey_tests::{
    Error, Result,
    command_line::{CommandLine, ran},
    keychain::Keyring,
    process::{READY, Running},
};
use serde_json::{Value, json};
use tokio::{
    net::TcpListener,
    sync::{Mutex, Semaphore, mpsc},
};

#[tokio::test]
async fn a_sign_in_that_is_cancelled_too_late_is_undone() -> Result<()> {
    let mut provider = Provider::start().await?;
    let doorkey = signed_out(&provider).await?;
    let mut login = doorkey.spawn(&["login", "--profile", "slow"])?;
    assert_eq!(provider.next().await?, "asked for authorization_code");
    interrupt(&mut login, "Cancelling").await?;
    provider.shared.released.add_permits(1);
    assert_eq!(provider.next().await?, "issued 1");
    assert_eq!(provider.next().await?, "revoked refresh-1");
    let ended = ran(&mut login).await?;
    assert_eq!(ended.code, Some(4), "{ended:?}");
    assert_eq!(doorkey.session().items().await?, []);
    Ok(())
}

#[tokio::test]
async fn a_refresh_is_stored_before_the_process_ends() -> Result<()> {
    for command in [&["token"][..], &["api", "/"]] {
        let mut provider = Provider::start().await?;
        let doorkey = signed_out(&provider).await?;
        provider.shared.released.add_permits(1);
        doorkey.output(&["login", "--profile", "slow"]).await?;
        assert_eq!(provider.next().await?, "asked for authorization_code");
        assert_eq!(provider.next().await?, "issued 1");

        let mut renewing = doorkey.spawn(&[command, &["--profile", "slow"]].concat())?;
        assert_eq!(provider.next().await?, "asked for refresh_token");
        interrupt(&mut renewing, "Storing the renewed session first").await?;
        provider.shared.released.add_permits(1);
        let ended = ran(&mut renewing).await?;
        assert_eq!(
            (ended.code, ended.stdout.as_str()),
            (Some(4), ""),
            "{ended:?}"
        );
        assert_eq!(provider.next().await?, "issued 2");
        // Asked for anew, this provider would never answer.
        let kept = doorkey.output(&["token", "--profile", "slow"]).await?;
        assert_eq!(kept, "access-token-2\n");
    }
    Ok(())
}

#[tokio::test]
async fn asking_twice_leaves_at_once() -> Result<()> {
    let mut provider = Provider::start().await?;
    let doorkey = signed_out(&provider).await?;
    let mut login = doorkey.spawn(&["login", "--profile", "slow"])?;
    assert_eq!(provider.next().await?, "asked for authorization_code");
    interrupt(&mut login, "Cancelling").await?;
    login.interrupt()?;
    assert_eq!(ran(&mut login).await?.code, Some(4));
    assert_eq!(doorkey.session().items().await?, []);
    Ok(())
}

/// Presses Ctrl-C and waits until that has been noticed.
async fn interrupt(process: &mut Running, answer: &str) -> Result<()> {
    process.interrupt()?;
    process
        .line(answer, READY, |line| line.starts_with(answer).then_some(()))
        .await
}

async fn signed_out(provider: &Provider) -> Result<CommandLine> {
    let doorkey = CommandLine::start(Keyring::Unlocked).await?;
    let endpoint = |name: &str, path: &str| format!("{name}_endpoint={}/{path}", provider.origin);
    let api = format!("api={}", provider.origin);
    let add = [
        "profile",
        "add",
        "slow",
        "--preset",
        "oauth2",
        "--set",
        "client_id=test",
        "--set",
        &endpoint("authorization", "authorize"),
        "--set",
        &endpoint("token", "token"),
        "--set",
        &endpoint("revocation", "revoke"),
        "--set",
        &api,
    ];
    doorkey.output(&add).await?;
    Ok(doorkey)
}

/// A provider that issues tokens when it is told to. The first ones have expired on arrival.
struct Provider {
    origin: String,
    shared: Arc<Shared>,
    events: mpsc::UnboundedReceiver<String>,
}

struct Shared {
    released: Semaphore,
    issued: AtomicUsize,
    events: mpsc::UnboundedSender<String>,
    /// One token request after the other.
    turn: Mutex<()>,
}

impl Provider {
    async fn start() -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")
            .await
            .map_err(Error::io("listen"))?;
        let address = listener.local_addr().map_err(Error::io("read a port"))?;
        let (sender, events) = mpsc::unbounded_channel();
        let shared = Arc::new(Shared {
            released: Semaphore::new(0),
            issued: AtomicUsize::new(0),
            events: sender,
            turn: Mutex::new(()),
        });
        let router = Router::new()
            .route("/authorize", get(authorize))
            .route("/token", post(token))
            .route("/revoke", post(revoke))
            .with_state(Arc::clone(&shared));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Ok(Self {
            origin: format!("http://{address}"),
            shared,
            events,
        })
    }

    /// What happened next.
    async fn next(&mut self) -> Result<String> {
        tokio::time::timeout(READY, self.events.recv())
            .await
            .ok()
            .flatten()
            .ok_or_else(|| Error::unexpected("provider", "nobody asked anything"))
    }
}

async fn authorize(Query(query): Query<HashMap<String, String>>) -> Response {
    let value = |name: &str| query.get(name).cloned().unwrap_or_default();
    Redirect::to(&format!(
        "{}?code=code&state={}",
        value("redirect_uri"),
        value("state")
    ))
    .into_response()
}

async fn token(
    State(shared): State<Arc<Shared>>,
    Form(form): Form<HashMap<String, String>>,
) -> Json<Value> {
    let _turn = shared.turn.lock().await;
    let grant = form.get("grant_type").cloned().unwrap_or_default();
    // The test has ended if nobody listens.
    let _ = shared.events.send(format!("asked for {grant}"));
    if let Ok(permit) = shared.released.acquire().await {
        permit.forget();
    }
    let number = shared.issued.fetch_add(1, Ordering::SeqCst) + 1;
    let _ = shared.events.send(format!("issued {number}"));
    Json(json!({
        "access_token": format!("access-token-{number}"),
        "refresh_token": format!("refresh-{number}"),
        "token_type": "Bearer",
        "expires_in": if number == 1 { 1 } else { 3600 },
    }))
}

async fn revoke(State(shared): State<Arc<Shared>>, Form(form): Form<HashMap<String, String>>) {
    let token = form.get("token").cloned().unwrap_or_default();
    let _ = shared.events.send(format!("revoked {token}"));
}

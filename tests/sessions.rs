//! The engine against the embedded provider: the life of a session, and what must not happen in it.

#![expect(clippy::expect_used, reason = "a test may fail")]

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use doorkey_core::{
    ApiRequest, Browser, Challenge, Code, Doorkey, MemoryStore, Profile, ProfileSource, Result,
    Session, Step, StepKind, Storage,
};
use doorkey_idp::{Config, Running};
use doorkey_tests::agent::{Person, walk};
use doorkey_tests::doubles::Time;
use url::Url;

/// Walks through the provider's pages as a person would.
fn person() -> impl Browser {
    |url: &Url| -> Result<()> {
        let url = url.clone();
        tokio::spawn(async move {
            walk(url, &Person::default())
                .await
                .expect("to get through the pages")
        });
        Ok(())
    }
}

async fn provider(lifetime: Duration) -> Running {
    let config = Config {
        port: 0,
        access_token_lifetime: lifetime,
        ..Config::default()
    };
    doorkey_idp::start(config)
        .await
        .expect("the embedded provider")
}

fn profile(provider: &Running) -> Profile {
    let scopes = [
        "openid",
        "profile",
        "email",
        "offline_access",
        "projects:read",
        "workflows:read",
    ];
    ProfileSource::new(provider.issuer(), "doorkey-desktop")
        .scopes(scopes)
        .api(provider.api())
        .build(&"demo".parse().expect("a name"))
        .expect("a profile")
}

fn kept(folder: &Path, store: &MemoryStore) -> Doorkey {
    Doorkey::builder(folder).store(store.clone()).build()
}

const HOUR: Duration = Duration::from_secs(3600);

async fn ada(doorkey: &Doorkey, profile: &Profile) -> Session {
    doorkey
        .sign_in(profile, &person())
        .await
        .expect("to sign in")
}

#[tokio::test]
async fn signs_in_calls_refreshes_restores_and_signs_out() {
    let provider = provider(HOUR).await;
    let profile = profile(&provider);
    let folder = tempfile::tempdir().expect("a folder");
    let store = MemoryStore::default();
    let session = ada(&kept(folder.path(), &store), &profile).await;

    let info = session.info();
    assert_eq!(info.storage, Storage::Keychain);
    assert!(info.refreshable);
    assert_eq!(info.account.email(), Some("ada@example.com"));

    let answer = session
        .call(ApiRequest::get("/api/me"))
        .await
        .expect("an answer");
    assert_eq!((answer.status, answer.challenge.clone()), (200, None));

    let before = session.access_token(Duration::ZERO).await.expect("a token");
    session.refresh().await.expect("to refresh");
    assert_ne!(
        session.access_token(Duration::ZERO).await.expect("a token"),
        before
    );
    assert_eq!(provider.counts().refreshes, 1);

    // Another program of the same person, later.
    let restored = kept(folder.path(), &store)
        .restore(&profile)
        .await
        .expect("to restore")
        .expect("a session");
    assert_eq!(restored.info().account, info.account);
    assert_eq!(
        restored
            .call(ApiRequest::get("/api/v1/projects"))
            .await
            .expect("an answer")
            .status,
        200
    );
    let old = restored
        .access_token(Duration::ZERO)
        .await
        .expect("a token");

    let report = session.sign_out(None).await;
    assert!(
        report.local.is_done() && report.revoked.is_done(),
        "{report:?}"
    );
    assert!(store.names().is_empty(), "{:?}", store.names());
    assert_eq!(
        session
            .call(ApiRequest::get("/api/me"))
            .await
            .expect_err("ended")
            .code(),
        Code::SessionEnded
    );
    // H20: the other program sees it before its next call.
    assert_eq!(
        restored
            .call(ApiRequest::get("/api/me"))
            .await
            .expect_err("ended")
            .code(),
        Code::SessionEnded
    );
    assert!(
        kept(folder.path(), &store)
            .restore(&profile)
            .await
            .expect("to restore")
            .is_none()
    );
    let client = reqwest::Client::new();
    let answer = client
        .get(format!("{}/api/me", provider.api().trim_end_matches('/')))
        .bearer_auth(old.expose())
        .send()
        .await
        .expect("an answer");
    assert_eq!(
        answer.status(),
        401,
        "the revoked grant's token still works"
    );
}

#[tokio::test]
async fn d01_a_thousand_calls_on_an_expired_token_make_one_refresh() {
    let provider = provider(HOUR).await;
    let clock = Time::still();
    let session = ada(
        &Doorkey::in_memory().clock(clock.clone()).build(),
        &profile(&provider),
    )
    .await;
    clock.advance(2 * HOUR);

    let calls =
        futures_util::future::join_all((0..1000).map(|_| session.access_token(Duration::ZERO)));
    tokio::pin!(calls);
    tokio::select! {
        biased;
        _ = &mut calls => panic!("no token can be there yet"),
        () = tokio::task::yield_now() => {}
    }
    // Each call has found its token expired; what the provider issues now is judged by the true time.
    clock.set_back(2 * HOUR);
    let tokens: Vec<_> = calls
        .await
        .into_iter()
        .map(|token| token.expect("a token"))
        .collect();
    assert!(tokens.windows(2).all(|pair| pair[0] == pair[1]));
    assert_eq!(provider.counts().refreshes, 1);
    assert_eq!(provider.counts().refreshes_refused, 0);
}

#[tokio::test]
async fn d03_a_cancelled_caller_does_not_cancel_the_refresh() {
    let provider = provider(HOUR).await;
    let (folder, store) = (
        tempfile::tempdir().expect("a folder"),
        MemoryStore::default(),
    );
    let profile = profile(&provider);
    let session = ada(&kept(folder.path(), &store), &profile).await;
    let before = session.access_token(Duration::ZERO).await.expect("a token");
    let mut changes = session.changes();
    changes.mark_unchanged();
    {
        let refresh = session.refresh();
        tokio::pin!(refresh);
        // Polled until the request is on its way, then dropped.
        tokio::select! {
            biased;
            result = &mut refresh => panic!("too early: {result:?}"),
            () = tokio::task::yield_now() => {}
        }
    }
    changes.changed().await.expect("the refresh to end");
    assert_eq!(provider.counts().refreshes, 1);
    let restored = kept(folder.path(), &store)
        .restore(&profile)
        .await
        .expect("to restore")
        .expect("a session");
    assert_ne!(
        restored
            .access_token(Duration::ZERO)
            .await
            .expect("a token"),
        before
    );
}

#[tokio::test]
async fn d08_d09_two_programs_that_expire_together_refresh_once() {
    let provider = provider(HOUR).await;
    let (folder, store) = (
        tempfile::tempdir().expect("a folder"),
        MemoryStore::default(),
    );
    let profile = profile(&provider);
    let clock = Time::still();
    let doorkey = || {
        Doorkey::builder(folder.path())
            .store(store.clone())
            .clock(clock.clone())
            .build()
    };
    ada(&doorkey(), &profile).await;
    let mut sessions = Vec::new();
    for _ in 0..8 {
        sessions.push(
            doorkey()
                .restore(&profile)
                .await
                .expect("to restore")
                .expect("a session"),
        );
    }
    clock.advance(2 * HOUR);
    let calls: Vec<_> = sessions
        .into_iter()
        .map(|session| tokio::spawn(async move { session.access_token(Duration::ZERO).await }))
        .collect();
    tokio::task::yield_now().await;
    clock.set_back(2 * HOUR);
    for call in calls {
        call.await.expect("to finish").expect("a token");
    }
    assert_eq!(
        (
            provider.counts().refreshes,
            provider.counts().reuses_detected
        ),
        (1, 0)
    );
}

#[tokio::test]
async fn d08_a_refused_refresh_signs_out_only_if_nobody_else_has_refreshed() {
    let provider = provider(HOUR).await;
    let (folder, store) = (
        tempfile::tempdir().expect("a folder"),
        MemoryStore::default(),
    );
    let profile = profile(&provider);
    let session = ada(&kept(folder.path(), &store), &profile).await;
    let other = kept(folder.path(), &store)
        .restore(&profile)
        .await
        .expect("to restore")
        .expect("a session");
    other.refresh().await.expect("to refresh");
    // The first one's token is spent. It must notice before it presents it, or the family is revoked.
    session.refresh().await.expect("to refresh");
    assert_eq!(
        (
            provider.counts().refreshes,
            provider.counts().reuses_detected
        ),
        (2, 0)
    );
}

#[tokio::test]
async fn d28_tokens_that_arrive_expired_are_renewed_once_for_each_call() {
    let provider = provider(Duration::from_secs(1)).await;
    let session = ada(&Doorkey::in_memory().build(), &profile(&provider)).await;
    for calls in 1..=3 {
        session.access_token(Duration::ZERO).await.expect("a token");
        assert_eq!(provider.counts().refreshes, calls);
    }
}

#[tokio::test]
async fn e18_a_missing_scope_is_told_and_not_refreshed() {
    let provider = provider(HOUR).await;
    let session = ada(&Doorkey::in_memory().build(), &profile(&provider)).await;
    let request = ApiRequest::new("POST", "/api/v1/executions")
        .header("Content-Type", "application/json")
        .body("{}");
    let answer = session.call(request).await.expect("an answer");
    assert_eq!(answer.status, 403);
    assert_eq!(
        answer.challenge,
        Some(Challenge::InsufficientScope {
            required: vec!["executions:write".to_owned()]
        })
    );
    assert_eq!(provider.counts().refreshes, 0);
}

#[tokio::test]
async fn a12_who_denies_is_not_signed_in_and_the_port_is_closed() {
    let provider = provider(HOUR).await;
    let folder = tempfile::tempdir().expect("a folder");
    let store = MemoryStore::default();
    let doorkey = kept(folder.path(), &store);
    let sign_in = doorkey.begin(&profile(&provider)).await.expect("to begin");
    let url = sign_in.authorization_url().clone();
    let callback: Url = url
        .query_pairs()
        .find(|(name, _)| name == "redirect_uri")
        .expect("a redirect URI")
        .1
        .parse()
        .expect("a URL");
    let denier = tokio::spawn(async move {
        walk(
            url,
            &Person {
                denies: true,
                ..Person::default()
            },
        )
        .await
    });
    assert_eq!(
        sign_in.answer().await.expect_err("denied").code(),
        Code::ProviderDenied
    );
    drop(denier);
    assert_eq!(provider.counts().codes_redeemed, 0);
    assert!(store.names().is_empty());
    let port = callback.port().expect("a port");
    let refused = tokio::net::TcpStream::connect(("127.0.0.1", port))
        .await
        .expect_err("the port to be closed");
    assert_eq!(refused.kind(), std::io::ErrorKind::ConnectionRefused);
}

#[tokio::test]
async fn a70_a_cancelled_sign_in_closes_its_port_at_once() {
    let provider = provider(HOUR).await;
    let sign_in = Doorkey::in_memory()
        .build()
        .begin(&profile(&provider))
        .await
        .expect("to begin");
    let callback: Url = sign_in
        .authorization_url()
        .query_pairs()
        .find(|(name, _)| name == "redirect_uri")
        .expect("a redirect URI")
        .1
        .parse()
        .expect("a URL");
    let address = ("127.0.0.1", callback.port().expect("a port"));
    tokio::net::TcpStream::connect(address)
        .await
        .expect("the port to be open before the browser is");
    let mut waiting = Box::pin(sign_in.answer());
    tokio::select! {
        biased;
        _ = &mut waiting => panic!("nobody answered"),
        () = tokio::task::yield_now() => {}
    }
    drop(waiting);
    assert_eq!(
        tokio::net::TcpStream::connect(address)
            .await
            .expect_err("closed")
            .kind(),
        std::io::ErrorKind::ConnectionRefused
    );
}

#[tokio::test]
async fn b23_a_key_that_was_rotated_is_asked_for_once_more() {
    let provider = provider(HOUR).await;
    let doorkey = Doorkey::in_memory().build();
    ada(&doorkey, &profile(&provider)).await;
    provider.rotate_keys().await.expect("to rotate");
    ada(&doorkey, &profile(&provider)).await;
}

#[tokio::test]
async fn h01_a_session_that_is_signed_out_during_a_refresh_stays_signed_out() {
    let provider = provider(HOUR).await;
    let (folder, store) = (
        tempfile::tempdir().expect("a folder"),
        MemoryStore::default(),
    );
    let profile = profile(&provider);
    let session = ada(&kept(folder.path(), &store), &profile).await;
    let refreshing = session.clone();
    let (refreshed, report) = tokio::join!(
        async move { refreshing.refresh().await },
        session.sign_out(None)
    );
    assert!(report.local.is_done(), "{report:?}");
    drop(refreshed);
    assert!(store.names().is_empty(), "{:?}", store.names());
    assert!(session.info().ended);
    assert!(
        kept(folder.path(), &store)
            .restore(&profile)
            .await
            .expect("to restore")
            .is_none()
    );
}

#[tokio::test]
async fn d15_offline_is_not_signed_out() {
    let provider = provider(HOUR).await;
    let (folder, store) = (
        tempfile::tempdir().expect("a folder"),
        MemoryStore::default(),
    );
    let profile = profile(&provider);
    let clock = Time::still();
    let session = ada(
        &Doorkey::builder(folder.path())
            .store(store.clone())
            .clock(clock.clone())
            .build(),
        &profile,
    )
    .await;
    provider.shutdown().await;
    clock.advance(2 * HOUR);
    let error = session
        .access_token(Duration::ZERO)
        .await
        .expect_err("offline");
    assert_eq!(error.code(), Code::Offline, "{error:?}");
    assert!(!session.info().ended);
    // A restart without the network still knows who is signed in.
    let restored = kept(folder.path(), &store)
        .restore(&profile)
        .await
        .expect("to restore")
        .expect("a session");
    assert_eq!(restored.info().account.email(), Some("ada@example.com"));
    let report = restored.sign_out(None).await;
    assert!(
        report.local.is_done() && !report.revoked.is_done(),
        "{report:?}"
    );
}

#[tokio::test]
async fn d39_a_session_is_never_sent_to_another_issuer_or_client() {
    let provider = provider(HOUR).await;
    let (folder, store) = (
        tempfile::tempdir().expect("a folder"),
        MemoryStore::default(),
    );
    ada(&kept(folder.path(), &store), &profile(&provider)).await;
    let other = Profile::for_issuer(
        &"demo".parse().expect("a name"),
        provider.issuer(),
        "another-client",
    )
    .expect("a profile");
    assert!(
        kept(folder.path(), &store)
            .restore(&other)
            .await
            .expect("to restore")
            .is_none()
    );
}

#[tokio::test]
async fn the_flow_is_told_step_by_step_without_secrets() {
    let provider = provider(HOUR).await;
    let steps: Arc<Mutex<Vec<Step>>> = Arc::default();
    let seen = Arc::clone(&steps);
    let doorkey = Doorkey::in_memory()
        .observer(move |step| seen.lock().expect("the list").push(step))
        .build();
    let session = ada(&doorkey, &profile(&provider)).await;
    let token = session.access_token(Duration::ZERO).await.expect("a token");
    let steps = steps.lock().expect("the list");
    let kinds: Vec<StepKind> = steps
        .iter()
        .map(|step| step.kind)
        .filter(|kind| !matches!(kind, StepKind::KeysRequest | StepKind::KeysResponse))
        .collect();
    assert_eq!(
        kinds,
        [
            StepKind::SignInStarted,
            StepKind::MetadataRequest,
            StepKind::MetadataResponse,
            StepKind::SecretsMade,
            StepKind::ReceiverOpened,
            StepKind::BrowserOpened,
            StepKind::AuthorizationRequest,
            StepKind::AuthorizationResponse,
            StepKind::CodeExchange,
            StepKind::TokenResponse,
            StepKind::IdTokenVerified,
            StepKind::UpstreamSignIn,
            StepKind::SessionInMemory,
            StepKind::SignedIn,
        ]
    );
    let told = format!("{steps:?} {session:?} {doorkey:?}");
    assert!(!told.contains(token.expose()));
    assert!(steps.iter().all(|step| step.failure.is_none()));
}

//! The engine on keychains that misbehave: locked, failing at the n-th write, holding what nobody can read.

#![expect(clippy::expect_used, reason = "a test may fail")]

use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use doorkey_core::{
    ApiRequest, Browser, Code, Doorkey, Error, MemoryStore, Profile, ProfileSource, Result,
    SecretStore, Session, Storage,
};
use doorkey_idp::{Config, Running};
use doorkey_tests::agent::{Person, walk};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use url::Url;

/// A keychain whose ways can be changed while it is in use. Clones are the same keychain.
#[derive(Clone, Default)]
struct Moody {
    items: MemoryStore,
    locked: Arc<AtomicBool>,
    /// How many changes still work; negative for all.
    changes_left: Arc<AtomicI64>,
}

impl Moody {
    fn new() -> Self {
        let moody = Self::default();
        moody.changes_left.store(-1, Ordering::SeqCst);
        moody
    }

    fn check(&self) -> Result<()> {
        if self.locked.load(Ordering::SeqCst) {
            Err(Error::new(Code::KeychainLocked, "The keychain is locked"))
        } else {
            Ok(())
        }
    }

    fn change(&self) -> Result<()> {
        self.check()?;
        match self.changes_left.load(Ordering::SeqCst) {
            0 => Err(Error::new(
                Code::KeychainUnavailable,
                "The keychain is full",
            )),
            left if left > 0 => {
                self.changes_left.fetch_sub(1, Ordering::SeqCst);
                Ok(())
            }
            _ => Ok(()),
        }
    }
}

impl SecretStore for Moody {
    fn read(&self, item: &str) -> Result<Option<zeroize::Zeroizing<Vec<u8>>>> {
        self.check()?;
        self.items.read(item)
    }

    fn write(&self, item: &str, secret: &[u8]) -> Result<()> {
        self.change()?;
        self.items.write(item, secret)
    }

    fn delete(&self, item: &str) -> Result<()> {
        self.change()?;
        self.items.delete(item)
    }
}

fn person() -> impl Browser {
    |url: &Url| -> Result<()> {
        let url = url.clone();
        tokio::spawn(async move { walk(url, &Person::default()).await });
        Ok(())
    }
}

async fn provider() -> Running {
    doorkey_idp::start(Config {
        port: 0,
        ..Config::default()
    })
    .await
    .expect("the embedded provider")
}

fn profile(provider: &Running, api: &str) -> Profile {
    let scopes = [
        "openid",
        "profile",
        "email",
        "offline_access",
        "projects:read",
    ];
    ProfileSource::new(provider.issuer(), "doorkey-desktop")
        .scopes(scopes)
        .api(api)
        .build(&"demo".parse().expect("a name"))
        .expect("a profile")
}

struct Home {
    provider: Running,
    profile: Profile,
    folder: tempfile::TempDir,
    store: Moody,
}

impl Home {
    async fn new() -> Self {
        let provider = provider().await;
        let profile = profile(&provider, provider.api());
        Self {
            provider,
            profile,
            folder: tempfile::tempdir().expect("a folder"),
            store: Moody::new(),
        }
    }

    fn doorkey(&self) -> Doorkey {
        Doorkey::builder(self.folder.path())
            .store(self.store.clone())
            .build()
    }

    async fn ada(&self) -> Session {
        self.doorkey()
            .sign_in(&self.profile, &person())
            .await
            .expect("to sign in")
    }

    async fn restored(&self) -> Option<Session> {
        self.doorkey()
            .restore(&self.profile)
            .await
            .expect("to restore")
    }
}

#[tokio::test]
async fn d30_a_locked_keychain_means_memory_only_and_says_so() {
    let home = Home::new().await;
    home.store.locked.store(true, Ordering::SeqCst);
    let session = home.ada().await;
    let Storage::Memory {
        reason: Some(reason),
    } = session.info().storage
    else {
        unreachable!("kept in a locked keychain")
    };
    assert_eq!(
        reason,
        "The keychain is locked. Unlock the keychain and try again."
    );
    assert_eq!(
        session
            .call(ApiRequest::get("/api/me"))
            .await
            .expect("an answer")
            .status,
        200
    );
    session.refresh().await.expect("to refresh");
}

#[tokio::test]
async fn d32_a_program_that_needs_the_keychain_is_told_before_the_browser_opens() {
    let home = Home::new().await;
    home.store.locked.store(true, Ordering::SeqCst);
    let doorkey = Doorkey::builder(home.folder.path())
        .store(home.store.clone())
        .require_keychain()
        .build();
    let error = doorkey.begin(&home.profile).await.expect_err("no keychain");
    assert_eq!(error.code(), Code::KeychainLocked);
}

#[tokio::test]
async fn d14_a_renewed_session_that_cannot_be_stored_lives_on_in_memory_and_is_stored_later() {
    let home = Home::new().await;
    let session = home.ada().await;
    home.store.changes_left.store(0, Ordering::SeqCst);
    session.refresh().await.expect("to refresh");
    assert!(matches!(
        session.info().storage,
        Storage::Memory { reason: Some(_) }
    ));
    assert_eq!(
        session
            .call(ApiRequest::get("/api/me"))
            .await
            .expect("an answer")
            .status,
        200
    );
    // The old refresh token is spent: presenting it again would end the session.
    session.refresh().await.expect("to refresh again");
    assert_eq!(home.provider.counts().reuses_detected, 0);

    home.store.changes_left.store(-1, Ordering::SeqCst);
    session.refresh().await.expect("to refresh once more");
    assert_eq!(session.info().storage, Storage::Keychain);
    home.restored()
        .await
        .expect("a session")
        .refresh()
        .await
        .expect("the stored session to be the newest");
    assert_eq!(home.provider.counts().reuses_detected, 0);
}

#[tokio::test]
async fn h10_a_session_that_cannot_be_erased_is_never_used_again_and_erased_when_possible() {
    let home = Home::new().await;
    let session = home.ada().await;
    home.store.locked.store(true, Ordering::SeqCst);
    let report = session.sign_out(None).await;
    assert!(!report.local.is_done(), "{report:?}");
    assert_eq!(
        session
            .access_token(Duration::ZERO)
            .await
            .expect_err("ended")
            .code(),
        Code::SessionEnded
    );
    assert!(home.restored().await.is_none());
    home.store.locked.store(false, Ordering::SeqCst);
    assert!(home.restored().await.is_none());
    assert!(
        home.store.items.names().is_empty(),
        "{:?}",
        home.store.items.names()
    );
    // A new sign-in is not taken for the erased one.
    home.ada().await;
    assert!(home.restored().await.is_some());
}

#[tokio::test]
async fn d34_what_nobody_can_read_is_set_aside_and_counts_as_signed_out() {
    let home = Home::new().await;
    home.ada().await;
    home.store
        .items
        .write("demo", b"S{\"v\":1,\"access_token\":\"canary\"}")
        .expect("to write");
    assert!(home.restored().await.is_none());
    assert!(
        home.store
            .items
            .names()
            .contains(&"demo/unreadable".to_owned())
    );
    home.ada().await;
    assert!(home.restored().await.is_some());
}

#[tokio::test]
async fn d29_a_keychain_that_is_locked_at_the_start_destroys_nothing() {
    let home = Home::new().await;
    home.ada().await;
    home.store.locked.store(true, Ordering::SeqCst);
    assert_eq!(
        home.doorkey()
            .restore(&home.profile)
            .await
            .expect_err("locked")
            .code(),
        Code::KeychainLocked
    );
    home.store.locked.store(false, Ordering::SeqCst);
    assert!(home.restored().await.is_some());
}

/// An API that refuses the first so many requests, and echoes the token of every other.
async fn echo(refusals: usize) -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let seen: Arc<Mutex<Vec<String>>> = Arc::default();
    let heads = Arc::clone(&seen);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                let Ok(byte) = stream.read_u8().await else {
                    break;
                };
                head.push(byte);
            }
            let head = String::from_utf8_lossy(&head).into_owned();
            let token = head
                .lines()
                .find_map(|line| line.strip_prefix("authorization: "))
                .unwrap_or_default()
                .to_owned();
            let count = {
                let mut heads = heads.lock().expect("the list");
                heads.push(head);
                heads.len()
            };
            let (status, challenge) = if count <= refusals {
                (
                    "401 Unauthorized",
                    "WWW-Authenticate: Bearer error=\"invalid_token\"\r\n",
                )
            } else {
                ("200 OK", "")
            };
            let answer = format!(
                "HTTP/1.1 {status}\r\n{challenge}X-Echo: {token}\r\nSet-Cookie: a=b\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{token}",
                token.len()
            );
            drop(stream.write_all(answer.as_bytes()).await);
        }
    });
    (url, seen)
}

#[tokio::test]
async fn e13_e37_a_refused_token_is_renewed_once_and_echoed_tokens_are_masked() {
    let provider = provider().await;
    let (api, seen) = echo(1).await;
    let session = Doorkey::in_memory()
        .build()
        .sign_in(&profile(&provider, &api), &person())
        .await
        .expect("to sign in");
    let old = session.access_token(Duration::ZERO).await.expect("a token");
    let request = ApiRequest::new("POST", "/x").body("once");
    let answer = session.call(request).await.expect("an answer");
    let new = session.access_token(Duration::ZERO).await.expect("a token");
    assert_eq!(
        (answer.status, answer.text().as_ref()),
        (200, "Bearer [token]")
    );
    assert!(
        answer
            .headers
            .contains(&("x-echo".to_owned(), "Bearer [token]".to_owned())),
        "{:?}",
        answer.headers
    );
    assert!(!answer.headers.iter().any(|(name, _)| name == "set-cookie"));
    let seen = seen.lock().expect("the list");
    assert_eq!(seen.len(), 2);
    assert!(seen[0].contains(old.expose()) && seen[1].contains(new.expose()));
    assert_eq!(provider.counts().refreshes, 1);
}

#[tokio::test]
async fn e13_a_second_refusal_is_the_answer() {
    let provider = provider().await;
    let (api, seen) = echo(2).await;
    let session = Doorkey::in_memory()
        .build()
        .sign_in(&profile(&provider, &api), &person())
        .await
        .expect("to sign in");
    assert_eq!(
        session
            .call(ApiRequest::get("/x"))
            .await
            .expect("an answer")
            .status,
        401
    );
    assert_eq!(seen.lock().expect("the list").len(), 2);
    assert_eq!(provider.counts().refreshes, 1);
}

//! The engine on keychains that misbehave: locked, failing at the n-th write, holding what nobody can read.

#![expect(clippy::expect_used, reason = "a test may fail")]

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use doorkey_core::{
    ApiRequest, Browser, Code, Doorkey, Profile, ProfileSource, Result, Session, Storage,
};
use doorkey_double::{Answer, Fault, Server};
use doorkey_idp::{Config, Running};
use doorkey_tests::agent::{Person, walk};
use doorkey_tests::doubles::Store;
use url::Url;

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
    store: Store,
}

impl Home {
    async fn new() -> Self {
        let provider = provider().await;
        let profile = profile(&provider, provider.api());
        Self {
            provider,
            profile,
            folder: tempfile::tempdir().expect("a folder"),
            store: Store::default(),
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
    home.store.refuse(Fault::Locked);
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
    assert_eq!(home.store.changes(), 0);

    for fault in [Fault::Denied, Fault::Absent, Fault::Full] {
        home.store.mend();
        home.store.refuse_changes(fault);
        let session = home.ada().await;
        let storage = session.info().storage;
        assert!(
            matches!(&storage, Storage::Memory { reason: Some(reason) } if reason.starts_with(&fault.to_string())),
            "{storage:?}"
        );
        assert_eq!(home.store.names(), Vec::<String>::new());
    }
}

#[tokio::test]
async fn d32_a_program_that_needs_the_keychain_is_told_before_the_browser_opens() {
    let home = Home::new().await;
    home.store.refuse(Fault::Locked);
    let doorkey = Doorkey::builder(home.folder.path())
        .store(home.store.clone())
        .require_keychain()
        .build();
    let error = doorkey.begin(&home.profile).await.expect_err("no keychain");
    assert_eq!(error.code(), Code::KeychainLocked);
    home.store.mend();
    // What `set_password` takes on Windows, and far too little for a session.
    home.store.limit(1_280);
    let error = doorkey.begin(&home.profile).await.expect_err("no room");
    assert_eq!(error.code(), Code::KeychainTooLarge);
    home.store.mend();
    assert!(doorkey.begin(&home.profile).await.is_ok());
    assert_eq!(home.provider.counts().codes_redeemed, 0);
}

#[tokio::test]
async fn d14_a_renewed_session_that_cannot_be_stored_lives_on_in_memory_and_is_stored_later() {
    let home = Home::new().await;
    let session = home.ada().await;
    let before = home.store.changes();
    session.refresh().await.expect("to refresh");
    let writes = home.store.changes() - before;
    assert!(writes > 0);
    for failing in 0..writes {
        home.store.fill_after(failing);
        session.refresh().await.expect("to refresh");
        assert!(
            matches!(session.info().storage, Storage::Memory { reason: Some(_) }),
            "{failing} of {writes}"
        );
        let answer = session.call(ApiRequest::get("/api/me")).await;
        assert_eq!(answer.expect("an answer").status, 200);
        // The old refresh token is spent: presenting it again would end the session.
        session.refresh().await.expect("to refresh again");
        assert_eq!(home.provider.counts().reuses_detected, 0);

        home.store.mend();
        session.refresh().await.expect("to refresh once more");
        assert_eq!(session.info().storage, Storage::Keychain);
    }
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
    home.store.refuse(Fault::Locked);
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
    home.store.mend();
    assert!(home.restored().await.is_none());
    assert!(home.store.names().is_empty(), "{:?}", home.store.names());
    // A new sign-in is not taken for the erased one.
    home.ada().await;
    assert!(home.restored().await.is_some());
}

#[tokio::test]
async fn d34_what_nobody_can_read_is_set_aside_and_counts_as_signed_out() {
    let home = Home::new().await;
    home.ada().await;
    let whole = home.store.get("demo").expect("a session");
    let mut later = whole.clone();
    later.splice(..b"S{\"v\":1,".len(), *b"S{\"v\":9,");
    for damaged in [
        b"S{\"v\":1,\"access_token\":\"canary\"}".to_vec(),
        whole[..whole.len() / 2].to_vec(),
        later,
        b"S\xff\xfe\x00".to_vec(),
        b"no session of ours".to_vec(),
        Vec::new(),
    ] {
        let shown = String::from_utf8_lossy(&damaged).into_owned();
        home.store.put("demo", &damaged);
        assert!(home.restored().await.is_none(), "{shown}");
        // It is kept as it was, in case somebody can read it.
        assert_eq!(home.store.get("demo/unreadable"), Some(damaged), "{shown}");
        assert_eq!(home.store.get("demo"), None, "{shown}");
        home.ada().await;
        assert!(home.restored().await.is_some(), "{shown}");
    }
}

#[tokio::test]
async fn d29_a_keychain_that_does_not_answer_at_the_start_destroys_nothing() {
    let home = Home::new().await;
    home.ada().await;
    for (fault, code) in [
        (Fault::Locked, Code::KeychainLocked),
        (Fault::Denied, Code::KeychainUnavailable),
        (Fault::Absent, Code::KeychainUnavailable),
        // Such as two items of one name: which of them is right is for the person to say.
        (Fault::Corrupt, Code::KeychainCorrupt),
    ] {
        home.store.refuse(fault);
        let changes = home.store.changes();
        let restored = home.doorkey().restore(&home.profile).await;
        assert_eq!(restored.expect_err("no answer").code(), code, "{fault:?}");
        assert_eq!(home.store.changes(), changes, "{fault:?}");
        home.store.mend();
        assert!(home.restored().await.is_some(), "{fault:?}");
    }
}

#[tokio::test]
async fn d30_a_keychain_that_hangs_is_not_waited_for() {
    let home = Home::new().await;
    home.ada().await;
    home.store.hang();
    let doorkey = home.doorkey();
    let restoring = doorkey.restore(&home.profile);
    let restored = tokio::time::timeout(Duration::from_secs(10), restoring).await;
    let error = restored.expect("a bound").expect_err("no answer");
    assert_eq!(error.code(), Code::KeychainTimeout);
    home.store.mend();
    assert!(home.restored().await.is_some());
}

/// An API that refuses the first so many requests, and echoes the token of every other.
async fn echo(refusals: usize) -> Server {
    let count = AtomicUsize::new(0);
    let server = Server::start(move |request| {
        if count.fetch_add(1, Ordering::SeqCst) < refusals {
            return Answer::challenge(401, "Bearer error=\"invalid_token\"");
        }
        Answer::echo(request).header("Set-Cookie", "a=b")
    });
    server.await.expect("a port")
}

#[tokio::test]
async fn e13_e37_a_refused_token_is_renewed_once_and_echoed_tokens_are_masked() {
    let provider = provider().await;
    let api = echo(1).await;
    let session = Doorkey::in_memory()
        .build()
        .sign_in(&profile(&provider, api.origin()), &person())
        .await
        .expect("to sign in");
    let old = session.access_token(Duration::ZERO).await.expect("a token");
    let request = ApiRequest::new("POST", "/x").body("once");
    let answer = session.call(request).await.expect("an answer");
    let new = session.access_token(Duration::ZERO).await.expect("a token");
    assert_eq!(
        (answer.status, answer.text().as_ref()),
        (200, "Bearer [token]\nBearer [token]")
    );
    assert!(
        answer
            .headers
            .contains(&("x-echo".to_owned(), "Bearer [token]".to_owned())),
        "{:?}",
        answer.headers
    );
    assert!(!answer.headers.iter().any(|(name, _)| name == "set-cookie"));
    let seen = api.requests();
    assert_eq!(seen.len(), 2);
    assert!(seen[0].holds(old.expose()) && seen[1].holds(new.expose()));
    assert!(seen.iter().all(|request| request.body == b"once"));
    assert_eq!(provider.counts().refreshes, 1);
}

#[tokio::test]
async fn e13_a_second_refusal_is_the_answer() {
    let provider = provider().await;
    let api = echo(2).await;
    let session = Doorkey::in_memory()
        .build()
        .sign_in(&profile(&provider, api.origin()), &person())
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
    assert_eq!(api.requests().len(), 2);
    assert_eq!(provider.counts().refreshes, 1);
}

use std::{collections::BTreeMap, io::Write as _, process::Command};

use doorkey_tests::{
    Result,
    keychain::{Keyring, PrivateSession},
    process::{READY, Running},
};

use crate::{command, run};

#[tokio::test]
async fn stores_lists_locks_and_unlocks() -> Result<()> {
    let session = PrivateSession::start(Keyring::Unlocked).await?;
    assert!(store(&session, "s3cret").await?);
    assert_eq!(lookup(&session).await?, "s3cret");

    let items = session.items().await?;
    let attributes = BTreeMap::from_iter(items[0].attributes.clone());
    assert_eq!(items.len(), 1);
    assert_eq!(items[0].label, "a test");
    assert_eq!(attributes.get("kind").map(String::as_str), Some("test"));
    assert_eq!(items[0].secret.as_deref(), Some(b"s3cret".as_slice()));
    assert!(!format!("{items:?}").contains("s3cret"));

    session.lock().await?;
    assert_eq!(session.items().await?[0].secret, None);
    session.unlock().await?;
    assert_eq!(lookup(&session).await?, "s3cret");
    Ok(())
}

#[tokio::test]
async fn sessions_do_not_see_each_other() -> Result<()> {
    let (one, other) = tokio::try_join!(
        PrivateSession::start(Keyring::Unlocked),
        PrivateSession::start(Keyring::Unlocked)
    )?;
    assert!(store(&one, "only here").await?);
    assert_eq!(one.items().await?.len(), 1);
    assert_eq!(other.items().await?, []);
    assert_ne!(one.home(), other.home());
    Ok(())
}

#[tokio::test]
async fn nothing_can_be_stored_where_there_is_no_open_keychain() -> Result<()> {
    for keyring in [
        Keyring::Locked,
        Keyring::NeverUnlocked,
        Keyring::Absent,
        Keyring::NoBus,
    ] {
        let session = PrivateSession::start(keyring).await?;
        assert!(!store(&session, "s3cret").await?, "stored with {keyring:?}");
    }
    Ok(())
}

#[tokio::test]
async fn takes_its_home_with_it() -> Result<()> {
    let session = PrivateSession::start(Keyring::Unlocked).await?;
    assert!(store(&session, "s3cret").await?);
    let home = session.home().to_owned();
    assert!(home.join("data/keyrings/login.keyring").is_file());
    drop(session);
    assert!(!home.exists());
    Ok(())
}

/// Stores a secret with a program that is not ours; tells whether it could.
async fn store(session: &PrivateSession, secret: &str) -> Result<bool> {
    let mut command = Command::new("secret-tool");
    command
        .args(["store", "--label=a test", "kind", "test"])
        .envs(session.environment());
    let mut store = Running::start("secret-tool", command)?;
    if let Some(mut stdin) = store.stdin() {
        // A program that has given up already does not read its input.
        let _ = stdin.write_all(secret.as_bytes());
    }
    Ok(store.exit(READY).await?.success())
}

async fn lookup(session: &PrivateSession) -> Result<String> {
    run(
        command("secret-tool", &["lookup", "kind", "test"]),
        &session.environment(),
    )
    .await
}

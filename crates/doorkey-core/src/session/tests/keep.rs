//! What is kept between programs, and what becomes of it when the keychain will not.

use std::fs::File;
use std::path::Path;

use doorkey_double::{Fault, Keychain};

use super::*;
use crate::vault::Vault;

const BINDING: &str = "https://login.example.com desktop";

fn keep(keychain: &Keychain, folder: &Path) -> Keep {
    let vault = Vault::new(keychain.clone(), "n");
    Keep::new(vault, "work".parse().expect("a name"), folder)
}

fn record() -> Record {
    let text = format!(
        r#"{{"v":1,"generation":"g","binding":"{BINDING}","access_token":"a","scopes":[],"account":{{}}}}"#
    );
    Record::decode(text.as_bytes()).expect("a record")
}

async fn kept(keychain: &Keychain, folder: &Path) -> Keep {
    let keep = keep(keychain, folder);
    let lock = keep.store_lock().await.expect("the lock");
    keep.write(&lock, &record()).await.expect("to write");
    keep
}

#[tokio::test]
async fn d34_what_cannot_be_read_is_set_aside_and_what_cannot_be_asked_is_not() {
    let (keychain, folder) = (Keychain::new(), tempfile::tempdir().expect("a folder"));
    let keep = kept(&keychain, folder.path()).await;
    let names = keychain.names();

    keychain.refuse(Fault::Locked);
    let error = keep.read(BINDING).await.expect_err("locked");
    assert_eq!(error.code(), Code::KeychainLocked);
    keychain.mend();
    assert_eq!(keychain.names(), names);
    assert_eq!(keep.read(BINDING).await.expect("kept"), Some(record()));
    assert_eq!(keep.read("another").await.expect("kept"), None);

    keychain.put(&names[0], b"Wrubbish");
    assert_eq!(keep.read(BINDING).await.expect("aside"), None);
    let aside = format!("{}/unreadable", names[0]);
    assert_eq!(keychain.names(), [aside]);
    keep.forget().await.expect("to forget");
    assert!(keychain.names().is_empty());
}

#[tokio::test]
async fn h10_what_must_be_erased_is_never_used_and_erased_as_soon_as_it_can_be() {
    let (keychain, folder) = (Keychain::new(), tempfile::tempdir().expect("a folder"));
    let keep = kept(&keychain, folder.path()).await;
    keychain.refuse_changes(Fault::Locked);
    let lock = keep.store_lock().await.expect("the lock");
    let error = keep.erase(&lock).await.expect_err("locked");
    assert_eq!(error.code(), Code::KeychainLocked);
    drop(lock);
    let marker = folder.path().join("sessions/work.erase");
    assert!(marker.exists());
    // It can be read, and is not.
    assert_eq!(keep.read(BINDING).await.expect("signed out"), None);
    assert!(!keychain.names().is_empty() && marker.exists());

    keychain.mend();
    let lock = keep.store_lock().await.expect("the lock");
    // Whoever holds the lock is changing the session anyway.
    assert_eq!(keep.read(BINDING).await.expect("signed out"), None);
    assert!(!keychain.names().is_empty());
    drop(lock);
    assert_eq!(keep.read(BINDING).await.expect("signed out"), None);
    assert!(keychain.names().is_empty() && !marker.exists());
}

#[tokio::test]
async fn a_new_session_is_not_erased_for_the_old_one() {
    let (keychain, folder) = (Keychain::new(), tempfile::tempdir().expect("a folder"));
    let keep = kept(&keychain, folder.path()).await;
    keep.erase_later().expect("to write");
    let keep = {
        drop(keep);
        kept(&keychain, folder.path()).await
    };
    assert_eq!(keep.read(BINDING).await.expect("kept"), Some(record()));
}

#[tokio::test]
async fn where_there_is_no_keychain_nothing_is_kept_or_has_to_be_forgotten() {
    let (keychain, folder) = (Keychain::new(), tempfile::tempdir().expect("a folder"));
    let (keep, other) = (
        keep(&keychain, folder.path()),
        tempfile::tempdir().expect("a folder"),
    );
    let other = self::keep(&keychain, other.path());
    keychain.refuse_changes(Fault::Locked);
    keep.forget().await.expect_err("what was set aside stays");
    keychain.mend();
    keychain.refuse(Fault::Absent);
    keep.forget().await.expect("nothing to forget");
    keep.move_to(&other).await.expect("nothing to move");
    for fault in [Fault::Locked, Fault::Corrupt] {
        keychain.refuse(fault);
        keep.forget().await.expect_err("it cannot be asked");
        keep.move_to(&other).await.expect_err("it cannot be asked");
    }
}

#[tokio::test]
async fn two_changes_in_one_tick_of_the_clock_are_two() {
    let (keychain, folder) = (Keychain::new(), tempfile::tempdir().expect("a folder"));
    let keep = kept(&keychain, folder.path()).await;
    let stamp = folder.path().join("sessions/work.stamp");
    // Held open, so that its number is not given to the next.
    let first = File::open(&stamp).expect("a stamp");
    let modified = first.metadata().and_then(|data| data.modified());
    let modified = modified.expect("a time");
    let before = keep.stamp();
    assert_eq!(keep.stamp(), before);
    kept(&keychain, folder.path()).await;
    let second = File::options().append(true).open(&stamp).expect("a stamp");
    second.set_modified(modified).expect("to set its time");
    assert_ne!(keep.stamp(), before);
}

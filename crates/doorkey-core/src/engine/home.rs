//! Somebody who is signed in, without a provider: what tests of profiles and their ends begin with.

use doorkey_double::Keychain;
use tempfile::TempDir;

use super::Doorkey;
use crate::identity::Account;
use crate::profile::{Profile, ProfileName, Profiles};
use crate::session::Record;
use crate::token::{AccessToken, RefreshToken};

/// A config folder with the profile `work`, and its session in a keychain.
pub(super) struct Home {
    pub(super) folder: TempDir,
    pub(super) store: Keychain,
    pub(super) doorkey: Doorkey,
    pub(super) profiles: Profiles,
}

pub(super) fn name(text: &str) -> ProfileName {
    text.parse().expect("a name")
}

/// The profile `work`, without a revocation endpoint, so that signing out asks nobody.
pub(super) fn profile(client: &str) -> Profile {
    let text = format!(
        "client_id = \"{client}\"\n[endpoints]\nauthorization = \"https://a.example/a\"\ntoken = \"https://a.example/t\"\n"
    );
    Profile::parse(&name("work"), &text).expect("a profile")
}

/// Somebody is signed in with the profile `work`.
pub(super) async fn signed_in() -> Home {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Keychain::new();
    let doorkey = Doorkey::builder(folder.path()).store(store.clone()).build();
    let profiles = doorkey.profiles().expect("a folder");
    let profile = profile("one");
    profiles.add(&profile).expect("to add");
    let record = Record {
        generation: "g".to_owned(),
        binding: profile.binding(),
        access_token: AccessToken::new("access"),
        expires_at: None,
        refresh_token: Some(RefreshToken::new("refresh")),
        id_token: None,
        scopes: Vec::new(),
        account: Account::default(),
        nonce: None,
        client: None,
    };
    let keep = doorkey.engine.keep(profile.name()).expect("a keep");
    let lock = keep.store_lock().await.expect("the lock");
    keep.write(&lock, &record).await.expect("to write");
    Home {
        folder,
        store,
        doorkey,
        profiles,
    }
}

//! The system keychain behind one narrow trait, asked by one thread, with a deadline for each call.

#[cfg(any(test, feature = "fuzzing"))]
pub(crate) mod fuzzing;
mod keychain;
mod memory;
mod parts;
#[cfg(all(unix, not(target_os = "macos")))]
mod secret_service;
mod state;
mod worker;

use std::sync::Arc;
use std::time::Duration;

use zeroize::Zeroizing;

use keychain::SystemKeychain;
pub use memory::MemoryStore;
pub use state::KeychainState;

use crate::error::{Code, Error, Result};
use worker::Worker;

/// A place for secrets: items of bytes by name.
///
/// Calls may block; [`Vault`] makes them one after the other on a thread of its own.
pub trait SecretStore: Send + 'static {
    /// The item's bytes, or none if there is no such item.
    ///
    /// # Errors
    /// Those of the fault [`Fault::Keychain`](crate::Fault::Keychain). They hold no byte of the item.
    fn read(&self, item: &str) -> Result<Option<Zeroizing<Vec<u8>>>>;

    /// Creates or replaces an item.
    ///
    /// # Errors
    /// As [`SecretStore::read`].
    fn write(&self, item: &str, secret: &[u8]) -> Result<()>;

    /// Finds out whether something could be kept, before somebody relies on it.
    ///
    /// A store that can tell without a change does so; this one keeps something, reads it back and removes it.
    ///
    /// # Errors
    /// As [`SecretStore::read`].
    fn ready(&self, item: &str) -> Result<()> {
        parts::probe(self, item)
    }

    /// Removes an item; one that is not there is no error.
    ///
    /// # Errors
    /// As [`SecretStore::read`].
    fn delete(&self, item: &str) -> Result<()>;
}

/// Secrets of any size in a [`SecretStore`], whose items are small.
#[derive(Clone)]
pub(crate) struct Vault {
    worker: Worker,
    /// Whether the store is the system's own keychain, which can be asked how it is beside the worker's queue.
    is_system: bool,
    /// Goes before every item's name, so that two config folders do not share sessions.
    namespace: Arc<str>,
}

/// How long a person may take to type a password.
const UNLOCK_DEADLINE: Duration = Duration::from_secs(60);

impl Vault {
    /// The system's keychain.
    pub(crate) fn system(namespace: &str) -> Self {
        Self {
            is_system: true,
            ..Self::new(SystemKeychain, namespace)
        }
    }

    /// Another store.
    pub(crate) fn new(store: impl SecretStore, namespace: &str) -> Self {
        Self {
            worker: Worker::start(Box::new(store)),
            is_system: false,
            namespace: namespace.into(),
        }
    }

    /// Reads a secret.
    ///
    /// # Errors
    /// [`Code::KeychainCorrupt`](crate::Code::KeychainCorrupt) when parts are missing, or why the keychain cannot be asked.
    pub(crate) async fn read(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>> {
        let item = self.item(name);
        self.worker
            .ask(move |store| parts::read(store, &item))
            .await
    }

    /// Replaces a secret. After an error, or a crash in the middle, the old one is still there.
    pub(crate) async fn write(&self, name: &str, secret: Zeroizing<Vec<u8>>) -> Result<()> {
        let item = self.item(name);
        self.worker
            .ask(move |store| parts::write(store, &item, &secret))
            .await
    }

    /// Removes a secret with all its parts.
    pub(crate) async fn delete(&self, name: &str) -> Result<()> {
        let item = self.item(name);
        self.worker
            .ask(move |store| parts::delete(store, &item))
            .await
    }

    /// Moves what cannot be read out of the way without looking at it.
    pub(crate) async fn set_aside(&self, name: &str) -> Result<()> {
        let item = self.item(name);
        self.worker
            .ask(move |store| parts::set_aside(store, &item))
            .await
    }

    /// Removes what was set aside.
    pub(crate) async fn forget_aside(&self, name: &str) -> Result<()> {
        let item = parts::aside(&self.item(name));
        self.worker.ask(move |store| store.delete(&item)).await
    }

    /// Finds out whether something could be kept.
    pub(crate) async fn ready(&self) -> Result<()> {
        let item = self.item(PROBE);
        let first = item.clone();
        self.worker.ask(move |store| store.ready(&item)).await?;
        // The first call of a store takes longest. It is made now, while the person is in the browser.
        self.worker.begin(move |store| drop(store.read(&first)));
        Ok(())
    }

    /// How the store is. Nobody is asked for a password, and a call that hangs is not waited for.
    pub(crate) async fn state(&self) -> KeychainState {
        if self.is_system {
            return system_state().await;
        }
        // A store that somebody handed in says how it is when it is asked for something.
        let item = self.item(PROBE);
        match self.worker.ask(move |store| store.read(&item)).await {
            Ok(_) => KeychainState::Ready { name: None },
            Err(error) => KeychainState::of_error(&error),
        }
    }

    /// Keeps something as large as an item may be, reads it back and removes it.
    pub(crate) async fn test(&self) -> Result<()> {
        // A locked keychain would ask the person, which is not what they wanted to know.
        if let Some(problem) = self.state().await.problem() {
            return Err(problem);
        }
        let item = self.item(PROBE);
        self.worker
            .ask(move |store| parts::probe(store, &item))
            .await
    }

    /// Has the system ask the person to unlock the keychain, and waits for them.
    pub(crate) async fn unlock(&self) -> Result<()> {
        if !self.is_system {
            return self.state().await.problem().map_or(Ok(()), Err);
        }
        match tokio::time::timeout(UNLOCK_DEADLINE, system_unlock()).await {
            Ok(unlocked) => unlocked,
            Err(_) => Err(Error::new(
                Code::KeychainTimeout,
                format!(
                    "The keychain was not unlocked within {} seconds",
                    UNLOCK_DEADLINE.as_secs()
                ),
            )),
        }
    }

    fn item(&self, name: &str) -> String {
        format!("{}{name}", self.namespace)
    }
}

/// The item that is written to find out whether one can be.
const PROBE: &str = ".probe";

#[cfg(all(unix, not(target_os = "macos")))]
async fn system_state() -> KeychainState {
    match tokio::time::timeout(worker::DEADLINE, secret_service::state()).await {
        Ok(state) => state,
        Err(_) => KeychainState::of_error(&worker::late()),
    }
}

#[cfg(all(unix, not(target_os = "macos")))]
async fn system_unlock() -> Result<()> {
    secret_service::unlock().await
}

/// Open while the person is logged in; what else there is to say, a test finds out.
#[cfg(not(all(unix, not(target_os = "macos"))))]
async fn system_state() -> KeychainState {
    let name = if cfg!(windows) {
        "Windows Credential Manager"
    } else {
        "macOS Keychain"
    };
    KeychainState::Ready {
        name: Some(name.to_owned()),
    }
}

/// The system asks by itself when the keychain is used.
#[cfg(not(all(unix, not(target_os = "macos"))))]
async fn system_unlock() -> Result<()> {
    Ok(())
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Vault")
            .field("namespace", &self.namespace)
            .finish_non_exhaustive()
    }
}

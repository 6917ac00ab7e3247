//! The system keychain behind one narrow trait, asked by one thread, with a deadline for each call.

mod keychain;
mod memory;
mod parts;
#[cfg(all(unix, not(target_os = "macos")))]
mod secret_service;
mod worker;

use std::sync::Arc;

use zeroize::Zeroizing;

pub(crate) use keychain::SystemKeychain;
pub use memory::MemoryStore;

use crate::error::Result;
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
    /// Goes before every item's name, so that two config folders do not share sessions.
    namespace: Arc<str>,
}

impl Vault {
    pub(crate) fn new(store: impl SecretStore, namespace: &str) -> Self {
        Self {
            worker: Worker::start(Box::new(store)),
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
        let item = self.item(".probe");
        let first = item.clone();
        self.worker.ask(move |store| store.ready(&item)).await?;
        // The first call of a store takes longest. It is made now, while the person is in the browser.
        self.worker.begin(move |store| drop(store.read(&first)));
        Ok(())
    }

    fn item(&self, name: &str) -> String {
        format!("{}{name}", self.namespace)
    }
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Vault")
            .field("namespace", &self.namespace)
            .finish_non_exhaustive()
    }
}

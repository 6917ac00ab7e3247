//! Where a session is kept between programs: its keychain items, the locks around them, and a stamp
//! that tells other processes that something has changed.

use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::lock::FileLock;
use super::record::Record;
use super::stamp::Stamp;
use crate::error::{Code, Error, Result};
use crate::profile::{ProfileName, write_atomically, write_quickly};
use crate::vault::Vault;

/// The kept session of one profile.
#[derive(Clone, Debug)]
pub(crate) struct Keep {
    vault: Vault,
    name: ProfileName,
    folder: PathBuf,
}

/// Held from before the vault is read until after a refresh is stored. One refresh at a time, in all processes.
#[derive(Debug)]
pub(crate) struct RefreshLock(#[expect(dead_code, reason = "held, not read")] FileLock);

/// Held while the stored session is compared and replaced. Short, so that signing out never waits for a refresh.
#[derive(Debug)]
pub(crate) struct StoreLock(#[expect(dead_code, reason = "held, not read")] FileLock);

impl Keep {
    pub(crate) fn new(vault: Vault, name: ProfileName, config: &Path) -> Self {
        Self {
            vault,
            name,
            folder: config.join("sessions"),
        }
    }

    /// The folder that locks and stamps are in.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The files of both locks, whether they exist or not.
    pub(crate) fn lock_files(&self) -> [PathBuf; 2] {
        [self.file("refresh.lock"), self.file("store.lock")]
    }

    pub(crate) async fn refresh_lock(&self) -> Result<RefreshLock> {
        FileLock::take(&self.file("refresh.lock"))
            .await
            .map(RefreshLock)
    }

    pub(crate) async fn store_lock(&self) -> Result<StoreLock> {
        FileLock::take(&self.file("store.lock"))
            .await
            .map(StoreLock)
    }

    /// The kept session, if it belongs to this issuer and client.
    ///
    /// # Errors
    /// Why the keychain cannot be asked. What it holds but cannot be read is set aside and counts as absent.
    pub(crate) async fn read(&self, binding: &str) -> Result<Option<Record>> {
        if self.erase_pending() {
            // Signed out already; the marker stays until the keychain lets go. Whoever holds the lock is
            // changing the session anyway.
            if let Some(lock) = FileLock::try_take(&self.file("store.lock"))?
                && let Err(error) = self.erase(&StoreLock(lock)).await
            {
                tracing::warn!(profile = %self.name, code = error.code().as_str(), "still to be erased");
            }
            return Ok(None);
        }
        let record = match self.vault.read(self.name.as_str()).await {
            Ok(None) => return Ok(None),
            Ok(Some(bytes)) => Record::decode(&bytes),
            Err(error) => Err(error),
        };
        match record {
            Ok(record) => Ok((record.binding == binding).then_some(record)),
            Err(error) if error.code() == Code::KeychainCorrupt => {
                tracing::warn!(profile = %self.name, error = error.message(), "set aside");
                self.vault.set_aside(self.name.as_str()).await?;
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// Replaces the kept session.
    pub(crate) async fn write(&self, lock: &StoreLock, record: &Record) -> Result<()> {
        self.store(lock, record.encode()?).await
    }

    async fn store(&self, _lock: &StoreLock, bytes: Zeroizing<Vec<u8>>) -> Result<()> {
        self.vault.write(self.name.as_str(), bytes).await?;
        if self.erase_pending() {
            self.remove_marker()?;
        }
        self.touch()
    }

    /// Removes the kept session. If the keychain will not, a marker remembers that it must: the
    /// session is then never used again, and erased as soon as the keychain allows.
    pub(crate) async fn erase(&self, _lock: &StoreLock) -> Result<()> {
        let erased = self.vault.delete(self.name.as_str()).await;
        match erased {
            Ok(()) if self.erase_pending() => self.remove_marker()?,
            Ok(()) => {}
            Err(error) => {
                self.erase_later()?;
                return Err(error);
            }
        }
        self.touch()
    }

    /// Moves the kept session to another name, so that it is never kept under both and never under none.
    pub(crate) async fn move_to(&self, other: &Self) -> Result<()> {
        if self.kept().await?.is_none() {
            return Ok(());
        }
        // Nobody renews it meanwhile: a refresh would be stored under the old name.
        let _refresh = self.refresh_lock().await?;
        let (lock, other_lock) = (self.store_lock().await?, other.store_lock().await?);
        // One that was signed out but not erased yet is erased now, and goes nowhere.
        if !self.erase_pending()
            && let Some(bytes) = self.kept().await?
        {
            other.store(&other_lock, bytes).await?;
        }
        self.erase(&lock).await
    }

    /// Removes whatever is kept under this name, whoever it belongs to.
    pub(crate) async fn forget(&self) -> Result<()> {
        if self.kept().await?.is_some() {
            let lock = self.store_lock().await?;
            self.erase(&lock).await?;
        }
        match self.vault.forget_aside(self.name.as_str()).await {
            // Where there is no keychain nothing was set aside.
            Err(error) if error.code() == Code::KeychainUnavailable => Ok(()),
            forgotten => forgotten,
        }
    }

    /// What is kept under this name, as it is; nothing where there is no keychain. What cannot be read is set aside.
    async fn kept(&self) -> Result<Option<Zeroizing<Vec<u8>>>> {
        match self.vault.read(self.name.as_str()).await {
            Err(error) if error.code() == Code::KeychainUnavailable => Ok(None),
            Err(error) if error.code() == Code::KeychainCorrupt => {
                self.vault.set_aside(self.name.as_str()).await?;
                Ok(None)
            }
            kept => kept,
        }
    }

    /// Remembers that the kept session must be erased and never used again.
    pub(crate) fn erase_later(&self) -> Result<()> {
        write_atomically(&self.file("erase"), b"")?;
        self.touch()
    }

    /// When the kept session was last changed, by whichever process.
    pub(crate) fn stamp(&self) -> Stamp {
        Stamp::of(&self.file("stamp"))
    }

    fn touch(&self) -> Result<()> {
        write_quickly(&self.file("stamp"), Stamp::fresh()?.as_ref())
    }

    fn erase_pending(&self) -> bool {
        self.file("erase").exists()
    }

    fn remove_marker(&self) -> Result<()> {
        std::fs::remove_file(self.file("erase")).map_err(|error| {
            Error::new(
                Code::FileError,
                "Cannot remove the marker of a pending erasure",
            )
            .with_source(error)
        })
    }

    fn file(&self, kind: &str) -> PathBuf {
        self.folder.join(format!("{}.{kind}", self.name))
    }
}

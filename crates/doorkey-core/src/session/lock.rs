//! Locks that hold across processes. The system frees them when their holder dies.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;
use std::time::Duration;

use tokio::sync::oneshot;

use crate::error::{Code, Error, Result};
use crate::profile::create_private_folder;

/// How long another process may hold a lock before this one gives up: as long as a refresh may take.
const DEADLINE: Duration = Duration::from_secs(12);

/// An exclusive lock on a file, until it is dropped.
#[derive(Debug)]
pub(crate) struct FileLock {
    _file: File,
}

impl FileLock {
    /// Takes the lock, waiting for its holder.
    ///
    /// # Errors
    /// [`Code::LockTimeout`] after 12 seconds, [`Code::FileError`] when there can be no lock here. Nobody goes on without one.
    pub(crate) async fn take(path: &Path) -> Result<Self> {
        let failed = |error| failure(path, error);
        let file = match Self::attempt(path)? {
            Ok(lock) => return Ok(lock),
            Err(file) => file,
        };
        // The thread waits in the system's own queue; if it comes too late, the lock is let go at once.
        let (sender, receiver) = oneshot::channel();
        std::thread::Builder::new()
            .name("lock".to_owned())
            .spawn(move || drop(sender.send(file.lock().map(|()| Self { _file: file }))))
            .map_err(failed)?;
        match tokio::time::timeout(DEADLINE, receiver).await {
            Ok(Ok(lock)) => lock.map_err(failed),
            Ok(Err(_)) => Err(Error::new(
                Code::Internal,
                "The thread that waits for a lock is gone",
            )),
            Err(_) => Err(Error::new(
                Code::LockTimeout,
                format!(
                    "{} has been locked for {} s",
                    path.display(),
                    DEADLINE.as_secs()
                ),
            )),
        }
    }

    /// Takes the lock if nobody holds it.
    ///
    /// # Errors
    /// [`Code::FileError`] when there can be no lock here.
    pub(crate) fn try_take(path: &Path) -> Result<Option<Self>> {
        Self::attempt(path).map(std::result::Result::ok)
    }

    /// The lock, or the file whose lock somebody else holds.
    fn attempt(path: &Path) -> Result<std::result::Result<Self, File>> {
        let failed = |error| failure(path, error);
        if let Some(folder) = path.parent() {
            create_private_folder(folder).map_err(failed)?;
        }
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(path)
            .map_err(failed)?;
        match file.try_lock() {
            Ok(()) => Ok(Ok(Self { _file: file })),
            Err(TryLockError::WouldBlock) => Ok(Err(file)),
            Err(TryLockError::Error(error)) => Err(failed(error)),
        }
    }
}

fn failure(path: &Path, error: std::io::Error) -> Error {
    Error::new(Code::FileError, format!("Cannot lock {}", path.display())).with_source(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_next_holder_comes_when_the_first_lets_go() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("locks/demo.refresh");
        let first = FileLock::take(&path).await.expect("the lock");
        let second = FileLock::take(&path);
        tokio::pin!(second);
        tokio::select! {
            biased;
            _ = &mut second => panic!("two holders"),
            () = tokio::task::yield_now() => {}
        }
        drop(first);
        second.await.expect("the lock");
    }

    #[tokio::test]
    async fn d12_without_a_place_for_locks_there_is_an_error() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("locks"), b"").expect("to write");
        let error = FileLock::take(&folder.path().join("locks/demo.refresh"))
            .await
            .expect_err("no lock");
        assert_eq!(error.code(), Code::FileError);
    }
}

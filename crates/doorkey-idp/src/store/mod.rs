//! The database: users, clients, consents, grants, refresh tokens and keys.
//!
//! One thread owns the connection and runs one transaction after another, so
//! "exactly one of twenty" needs no lock beyond that.

mod clients;
mod consents;
mod executions;
mod grants;
mod keys;
mod schema;
mod sessions;
mod users;

use std::{
    path::{Path, PathBuf},
    sync::mpsc,
    thread,
};

use rusqlite::{Connection, Transaction, TransactionBehavior};
use tokio::sync::oneshot;

use crate::client::Client;

pub(crate) use executions::Execution;
pub(crate) use grants::{Grant, NewGrant, Redemption, Rotation};
pub(crate) use keys::StoredKey;
pub(crate) use sessions::{SESSION_LIFETIME, Session};
pub(crate) use users::User;

/// Why the database did not do what was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// SQLite refused: the file is not a database, cannot be written, is full.
    #[error("the database refused: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// The file could not be made or opened.
    #[error("the database file {path} cannot be used: {source}", path = path.display())]
    File {
        /// The file that was asked for.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The system gave no thread to keep the connection.
    #[error("the database got no thread: {0}")]
    Thread(#[source] std::io::Error),
    /// The file was written by a later version of this program.
    #[error(
        "the database has schema {found}, and this program knows up to {known}; start with another --database"
    )]
    NewerSchema {
        /// The schema version in the file.
        found: u32,
        /// The latest version that this program knows.
        known: u32,
    },
    /// The provider has been shut down.
    #[error("the database is closed: the provider has been shut down")]
    Closed,
}

enum Work {
    Run(Box<dyn FnOnce(&mut Connection) + Send>),
    Close(oneshot::Sender<()>),
}

/// A handle on the thread that owns the connection.
#[derive(Clone)]
pub(crate) struct Store {
    work: mpsc::Sender<Work>,
}

impl Store {
    /// Opens or makes the database, brings its schema up to date and registers the client.
    pub(crate) fn open(path: Option<&Path>, client: &Client) -> Result<Self, StoreError> {
        let mut connection = match path {
            None => Connection::open_in_memory()?,
            Some(path) => {
                make_private(path).map_err(|source| StoreError::File {
                    path: path.to_owned(),
                    source,
                })?;
                Connection::open(path)?
            }
        };
        schema::prepare(&mut connection, client)?;
        let (work, queue) = mpsc::channel();
        thread::Builder::new()
            .name("doorkey-idp-store".to_owned())
            .spawn(move || serve(connection, &queue))
            .map_err(StoreError::Thread)?;
        Ok(Self { work })
    }

    /// Runs one transaction. It is committed if `work` gives `Ok`.
    async fn transact<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Transaction<'_>) -> rusqlite::Result<T> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let job = move |connection: &mut Connection| {
            let result = (|| {
                let transaction =
                    connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
                let value = work(&transaction)?;
                transaction.commit()?;
                Ok(value)
            })();
            // A caller that has gone away needs no answer.
            let _ = reply.send(result);
        };
        self.work
            .send(Work::Run(Box::new(job)))
            .map_err(|_| StoreError::Closed)?;
        answer
            .await
            .map_err(|_| StoreError::Closed)?
            .map_err(StoreError::Sqlite)
    }

    /// Finishes what is queued and closes the file.
    pub(crate) async fn close(&self) {
        let (reply, closed) = oneshot::channel();
        if self.work.send(Work::Close(reply)).is_ok() {
            let _ = closed.await;
        }
    }
}

fn serve(mut connection: Connection, queue: &mpsc::Receiver<Work>) {
    while let Ok(work) = queue.recv() {
        match work {
            Work::Run(job) => job(&mut connection),
            Work::Close(reply) => {
                drop(connection);
                let _ = reply.send(());
                return;
            }
        }
    }
}

/// The file holds private keys, so only its owner may read it. SQLite gives
/// its side files the same mode.
fn make_private(path: &Path) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}

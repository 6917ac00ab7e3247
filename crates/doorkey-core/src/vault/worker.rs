//! The thread that asks the keychain: one call after the other, none waited for too long.

use std::sync::mpsc;
use std::time::Duration;

use tokio::sync::oneshot;

use super::SecretStore;
use crate::error::{Code, Error, Result};

/// A locked keychain may show a question and never return; nobody waits for that longer than this.
pub(super) const DEADLINE: Duration = Duration::from_secs(5);

type Job = Box<dyn FnOnce(&dyn SecretStore) + Send>;

#[derive(Clone)]
pub(super) struct Worker {
    jobs: mpsc::Sender<Job>,
}

impl Worker {
    /// Starts the thread. It ends when the last handle is gone and its call has returned.
    pub(super) fn start(store: Box<dyn SecretStore>) -> Self {
        let (jobs, queue) = mpsc::channel::<Job>();
        let thread = std::thread::Builder::new().name("keychain".to_owned());
        // Without a thread the queue is closed at once, which `ask` reports.
        drop(thread.spawn(move || {
            for job in queue {
                job(store.as_ref());
            }
        }));
        Self { jobs }
    }

    /// Makes a call that nobody waits for.
    pub(super) fn begin(&self, call: impl FnOnce(&dyn SecretStore) + Send + 'static) {
        // Without a thread there is nothing to prepare.
        drop(self.jobs.send(Box::new(call)));
    }

    /// Makes a call. One that nobody waits for any more is not made: a write that comes after its
    /// deadline could bring back what was deleted meanwhile.
    pub(super) async fn ask<T: Send + 'static>(
        &self,
        call: impl FnOnce(&dyn SecretStore) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let gone = || Error::new(Code::KeychainUnavailable, "The keychain stopped answering");
        let (reply, answer) = oneshot::channel();
        let job: Job = Box::new(move |store| {
            if !reply.is_closed() {
                drop(reply.send(call(store)));
            }
        });
        self.jobs.send(job).map_err(|_| gone())?;
        match tokio::time::timeout(DEADLINE, answer).await {
            Ok(answer) => answer.map_err(|_| gone())?,
            Err(_) => Err(late()),
        }
    }
}

/// The keychain has not answered in time.
pub(super) fn late() -> Error {
    Error::new(
        Code::KeychainTimeout,
        format!(
            "The keychain did not answer within {} seconds",
            DEADLINE.as_secs()
        ),
    )
}

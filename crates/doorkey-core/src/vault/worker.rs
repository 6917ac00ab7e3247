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

#[cfg(test)]
mod tests {
    use doorkey_double::{Fault, Keychain};

    use super::*;

    fn worker() -> (Keychain, Worker) {
        let keychain = Keychain::new();
        let worker = Worker::start(Box::new(keychain.clone()));
        (keychain, worker)
    }

    /// The thread has done what it was given so far.
    async fn idle(worker: &Worker) {
        worker.ask(|_| Ok(())).await.expect("an idle thread");
    }

    #[tokio::test]
    async fn a_call_that_nobody_waits_for_is_made() {
        let (keychain, worker) = worker();
        worker.begin(|store| drop(store.read("a")));
        idle(&worker).await;
        assert_eq!(keychain.calls(), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn d30_a_keychain_that_never_answers_is_waited_for_so_long_and_no_longer() {
        let (keychain, worker) = worker();
        keychain.hang();
        let begun = tokio::time::Instant::now();
        let error = worker.ask(|store| store.read("a")).await;
        assert_eq!(error.expect_err("late").code(), Code::KeychainTimeout);
        assert_eq!(begun.elapsed().as_secs(), DEADLINE.as_secs());
    }

    #[tokio::test(start_paused = true)]
    async fn d30_what_nobody_waits_for_any_more_is_not_done_when_the_keychain_answers_again() {
        let (keychain, worker) = worker();
        keychain.put("a", b"old");
        keychain.hang();
        // The first one has reached the keychain and cannot be called back; the second one has not.
        let (read, write) = tokio::join!(worker.ask(|store| store.read("a")), async {
            keychain.called(1);
            worker.ask(|store| store.write("a", b"new")).await
        });
        for code in [read.map(drop), write].map(|late| late.expect_err("late").code()) {
            assert_eq!(code, Code::KeychainTimeout);
        }
        keychain.mend();
        tokio::time::resume();
        idle(&worker).await;
        assert_eq!((keychain.calls(), keychain.changes()), (1, 0));
        assert_eq!(keychain.read("a"), Ok(Some(b"old".to_vec())));
    }

    #[tokio::test]
    async fn d29_each_fault_is_told_as_what_it_is_and_over_when_it_is_over() {
        let (keychain, worker) = worker();
        for (fault, code) in [
            (Fault::Locked, Code::KeychainLocked),
            (Fault::Denied, Code::KeychainUnavailable),
            (Fault::Absent, Code::KeychainUnavailable),
            (Fault::Corrupt, Code::KeychainCorrupt),
        ] {
            keychain.refuse(fault);
            let error = worker.ask(|store| store.read("a")).await;
            assert_eq!(error.expect_err("refused").code(), code, "{fault:?}");
            keychain.mend();
            idle(&worker).await;
            let kept = worker.ask(|store| store.write("a", b"1")).await;
            assert!(kept.is_ok(), "{fault:?}");
        }
    }

    #[tokio::test]
    async fn d38_a_slow_keychain_is_never_asked_two_things_at_once() {
        let (keychain, worker) = worker();
        keychain.slow(Duration::from_millis(2));
        let mut asking = tokio::task::JoinSet::new();
        for number in 0..20 {
            let worker = worker.clone();
            let item = number.to_string();
            asking.spawn(async move { worker.ask(move |store| store.write(&item, b"1")).await });
        }
        assert!(asking.join_all().await.iter().all(Result::is_ok));
        assert_eq!(keychain.changes(), 20);
        assert!(!keychain.overlapped());
    }
}

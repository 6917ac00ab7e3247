//! One attempt that waits for its answer, whichever way that comes: the first answer that proves to be the right one
//! ends it, and nothing else changes anything.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;
use tokio::task::Id;

use crate::attempt::{AuthorizationResponse, ExpectedResponse, Rejection};
use crate::error::{Error, Result};
use crate::trace::{StepKind, Trace, shown};

use super::gate::Parameters;
use super::pages::Page;

/// How many strays of an attempt are told. A page that sends thousands must not fill the trace.
const STRAYS_TOLD: usize = 50;

/// Says which page the waiting tab gets.
pub(super) type Verdict = oneshot::Sender<Page>;

/// What the one answer brought that ended the attempt.
#[derive(Debug)]
pub(super) struct Decision {
    pub(super) outcome: Result<AuthorizationResponse>,
    pub(super) verdict: Verdict,
}

/// An attempt that waits.
#[derive(Debug)]
pub(super) struct Pending {
    expected: ExpectedResponse,
    phase: Mutex<Phase>,
    trace: Trace,
    strays: AtomicUsize,
}

#[derive(Debug)]
enum Phase {
    /// The attempt is waiting.
    Open(oneshot::Sender<Decision>),
    /// The request on this connection has ended it, or a text that came without one.
    Decided(Option<Id>),
}

impl Pending {
    pub(super) fn new(
        expected: ExpectedResponse,
        trace: Trace,
    ) -> (Arc<Self>, oneshot::Receiver<Decision>) {
        let (sender, receiver) = oneshot::channel();
        let pending = Self {
            expected,
            phase: Mutex::new(Phase::Open(sender)),
            trace,
            strays: AtomicUsize::new(0),
        };
        (Arc::new(pending), receiver)
    }

    /// The answer in these parameters, or why there is none. Nothing is decided yet.
    pub(super) fn parse(&self, parameters: &Parameters) -> Result<Result<AuthorizationResponse>> {
        match AuthorizationResponse::parse(&parameters.0, &self.expected) {
            Ok(response) => Ok(Ok(response)),
            Err(Rejection::Final(error)) => Ok(Err(error)),
            Err(Rejection::Stray(error)) => Err(error),
        }
    }

    /// Ends the attempt, unless another answer was first. Whoever waits for its page is told here which one it is.
    pub(super) fn conclude(
        &self,
        connection: Option<Id>,
        outcome: Result<AuthorizationResponse>,
    ) -> Option<oneshot::Receiver<Page>> {
        let mut phase = self.phase();
        if matches!(*phase, Phase::Decided(_)) {
            return None;
        }
        let (verdict, page) = oneshot::channel();
        match std::mem::replace(&mut *phase, Phase::Decided(connection)) {
            Phase::Open(sender) => {
                // Nobody takes it when the attempt was cancelled this instant; then the page says that it failed.
                let taken = sender.send(Decision { outcome, verdict }).is_ok();
                (taken || connection.is_some()).then_some(page)
            }
            Phase::Decided(_) => None,
        }
    }

    /// Tells that something was turned away, and nothing about what was in it.
    pub(super) fn tell_stray(&self, reason: &'static str) {
        if self.strays.fetch_add(1, Ordering::Relaxed) < STRAYS_TOLD {
            self.trace
                .step(StepKind::StrayRequest, || vec![("reason", shown(reason))]);
        }
    }

    /// As [`tell_stray`](Self::tell_stray), for an answer that is not this attempt's.
    pub(super) fn tell_rejected(&self, error: &Error) {
        self.tell_stray(error.code().as_str());
    }

    /// Whether an answer is still waited for.
    pub(super) fn is_open(&self) -> bool {
        matches!(*self.phase(), Phase::Open(_))
    }

    /// The connection that waits for its page, or has got it.
    pub(super) fn decided_by(&self) -> Option<Id> {
        match *self.phase() {
            Phase::Open(_) => None,
            Phase::Decided(connection) => connection,
        }
    }

    fn phase(&self) -> MutexGuard<'_, Phase> {
        self.phase.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

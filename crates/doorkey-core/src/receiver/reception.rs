//! Judges requests until one of them ends the attempt, and keeps that one waiting for its page.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http::{Request, Response, StatusCode};
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use tokio::sync::{Notify, oneshot};
use tokio::task::Id;
use tokio::time::timeout;

use crate::attempt::{AuthorizationResponse, ExpectedResponse, Rejection};
use crate::error::Result;
use crate::trace::{StepKind, Trace, shown};

use super::gate::{Gate, Parameters, TurnedAway};
use super::pages::{self, Page};
use super::pasted;

/// How long the tab waits for the sign-in to be decided before it is told that the answer has arrived.
const HOLD: Duration = Duration::from_secs(10);
/// How many stray requests of an attempt are told. A page that sends thousands must not fill the trace.
const STRAYS_TOLD: usize = 50;

/// Says which page the waiting tab gets.
pub(super) type Verdict = oneshot::Sender<Page>;

/// What the one request brought that ended the attempt.
#[derive(Debug)]
pub(super) struct Decision {
    pub(super) outcome: Result<AuthorizationResponse>,
    pub(super) verdict: Verdict,
}

/// Receives the requests of one attempt.
#[derive(Debug)]
pub(super) struct Reception {
    gate: Gate,
    expected: ExpectedResponse,
    phase: Mutex<Phase>,
    flushed: Notify,
    trace: Trace,
    strays: AtomicUsize,
}

#[derive(Debug)]
enum Phase {
    /// The attempt is waiting.
    Open(oneshot::Sender<Decision>),
    /// The request on this connection has ended it, or a pasted text.
    Decided(Option<Id>),
}

impl Reception {
    pub(super) fn open(
        gate: Gate,
        expected: ExpectedResponse,
        trace: Trace,
    ) -> (Arc<Self>, oneshot::Receiver<Decision>) {
        let (sender, receiver) = oneshot::channel();
        let phase = Mutex::new(Phase::Open(sender));
        let strays = AtomicUsize::new(0);
        (
            Arc::new(Self {
                gate,
                expected,
                phase,
                flushed: Notify::new(),
                trace,
                strays,
            }),
            receiver,
        )
    }

    /// Answers a request. For the one that ends the attempt that takes as long as the sign-in does.
    pub(super) async fn answer(
        &self,
        connection: Id,
        request: Request<Incoming>,
    ) -> Response<Full<Bytes>> {
        let admitted = match self.judge(request).await {
            Ok(outcome) => self
                .conclude(Some(connection), outcome)
                .ok_or_else(TurnedAway::over),
            Err(turned_away) => Err(turned_away),
        };
        match admitted {
            Ok(page) => match timeout(HOLD, page).await {
                Ok(Ok(Page::SignedIn)) => pages::response(StatusCode::OK, Page::SignedIn),
                Ok(_) => pages::response(StatusCode::BAD_REQUEST, Page::Failed),
                Err(_) => pages::response(StatusCode::OK, Page::Arrived),
            },
            Err(turned_away) => {
                self.tell_stray(turned_away.reason);
                pages::refusal(&turned_away)
            }
        }
    }

    /// Ends the attempt with a pasted text, or says why that is not its answer.
    pub(super) fn paste(&self, text: &str) -> Result<()> {
        let parameters = self.gate.pasted(text).map_err(|unusable| {
            self.tell_stray(unusable.reason);
            unusable.error
        })?;
        let outcome = self
            .parse(&parameters)
            .inspect_err(|error| self.tell_stray(error.code().as_str()))?;
        match self.conclude(None, outcome) {
            Some(_) => Ok(()),
            None => {
                self.tell_stray("over");
                Err(pasted::over())
            }
        }
    }

    /// Tells that a request was turned away, and nothing about what was in it.
    pub(super) fn tell_stray(&self, reason: &'static str) {
        if self.strays.fetch_add(1, Ordering::Relaxed) < STRAYS_TOLD {
            self.trace
                .step(StepKind::StrayRequest, || vec![("reason", shown(reason))]);
        }
    }

    /// The connection that waits for its page, or has got it.
    pub(super) fn decided_by(&self) -> Option<Id> {
        match *self.phase() {
            Phase::Open(_) => None,
            Phase::Decided(connection) => connection,
        }
    }

    /// Takes note that everything for a connection has been handed to the system.
    pub(super) fn connection_flushed(&self, connection: Id) {
        if self.decided_by() == Some(connection) {
            self.flushed.notify_one();
        }
    }

    /// Waits until the page of the waiting tab has been handed to the system.
    pub(super) async fn flushed(&self) {
        self.flushed.notified().await;
    }

    /// The answer if it is one, or why not. Nothing is decided yet.
    async fn judge(
        &self,
        request: Request<Incoming>,
    ) -> Result<Result<AuthorizationResponse>, TurnedAway> {
        let parameters = self.gate.parameters(request).await?;
        self.parse(&parameters)
            .map_err(|error| TurnedAway::callback(error.code().as_str()))
    }

    /// The answer in these parameters, or why there is none.
    fn parse(&self, parameters: &Parameters) -> Result<Result<AuthorizationResponse>> {
        match AuthorizationResponse::parse(&parameters.0, &self.expected) {
            Ok(response) => Ok(Ok(response)),
            Err(Rejection::Final(error)) => Ok(Err(error)),
            Err(Rejection::Stray(error)) => Err(error),
        }
    }

    /// Ends the attempt, unless another answer was first.
    fn conclude(
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

    fn phase(&self) -> MutexGuard<'_, Phase> {
        self.phase.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

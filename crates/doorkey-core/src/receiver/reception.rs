//! Judges requests until one of them ends the attempt, and keeps that one waiting for its page.

use std::sync::Arc;
use std::time::Duration;

use http::{Request, Response, StatusCode};
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use tokio::sync::Notify;
use tokio::task::Id;
use tokio::time::timeout;

use crate::attempt::AuthorizationResponse;
use crate::error::Result;

use super::gate::{Gate, TurnedAway};
use super::pages::{self, Page};
use super::pending::Pending;

/// How long the tab waits for the sign-in to be decided before it is told that the answer has arrived.
const HOLD: Duration = Duration::from_secs(10);

/// Receives the requests of one attempt.
#[derive(Debug)]
pub(super) struct Reception {
    gate: Arc<Gate>,
    pending: Arc<Pending>,
    flushed: Notify,
}

impl Reception {
    pub(super) fn new(gate: Arc<Gate>, pending: Arc<Pending>) -> Self {
        Self {
            gate,
            pending,
            flushed: Notify::new(),
        }
    }

    /// Answers a request. For the one that ends the attempt that takes as long as the sign-in does.
    pub(super) async fn answer(
        &self,
        connection: Id,
        request: Request<Incoming>,
    ) -> Response<Full<Bytes>> {
        let admitted = match self.judge(request).await {
            Ok(outcome) => self
                .pending
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

    /// Tells that a request was turned away, and nothing about what was in it.
    pub(super) fn tell_stray(&self, reason: &'static str) {
        self.pending.tell_stray(reason);
    }

    /// The connection that waits for its page, or has got it.
    pub(super) fn decided_by(&self) -> Option<Id> {
        self.pending.decided_by()
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
        self.pending
            .parse(&parameters)
            .map_err(|error| TurnedAway::callback(error.code().as_str()))
    }
}

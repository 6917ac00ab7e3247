//! The answer of an attempt, and whoever brought it and waits to be told how it ends.

use tokio::sync::oneshot::error::RecvError;

use crate::attempt::AuthorizationResponse;
use crate::error::{Code, Error, Result};

use super::pages::Page;
use super::pending::{Decision, Verdict};
use super::server::Server;

/// The answer, and the browser tab that brought it and waits to be told how it ends. One that was pasted, or came as a
/// link, has no tab.
#[derive(Debug)]
pub(crate) struct Received {
    /// The code, or the provider's refusal.
    pub(crate) outcome: Result<AuthorizationResponse>,
    /// The tab.
    pub(crate) reply: Reply,
}

/// The tab that waits. The port closes at once when it is told, and when this is dropped: then it is told that the sign-in
/// failed.
#[derive(Debug)]
#[must_use = "the tab says that the sign-in failed when this is dropped"]
pub(crate) struct Reply {
    verdict: Option<Verdict>,
    server: Option<Server>,
}

impl Received {
    /// What was decided, and the server that still has a page to show, if there is one.
    pub(super) fn of(decision: Result<Decision, RecvError>, server: Option<Server>) -> Self {
        let (outcome, verdict) = match decision {
            Ok(Decision { outcome, verdict }) => (outcome, Some(verdict)),
            Err(_) => {
                let stopped = Error::new(Code::Internal, "The receiver stopped by itself");
                (Err(stopped), None)
            }
        };
        Self {
            outcome,
            reply: Reply { verdict, server },
        }
    }
}

impl Reply {
    /// Says that the person is signed in, and returns when the browser has been told or does not listen.
    pub(crate) async fn succeeded(self) {
        self.end(Page::SignedIn).await;
    }

    /// Says that nobody was signed in, and returns when the browser has been told or does not listen.
    pub(crate) async fn failed(self) {
        self.end(Page::Failed).await;
    }

    async fn end(mut self, page: Page) {
        if let Some(verdict) = self.verdict.take() {
            // After the longest wait the neutral page is out already, and a link has no page.
            let _ = verdict.send(page);
        }
        if let Some(server) = self.server.take() {
            server.finish().await;
        }
    }
}

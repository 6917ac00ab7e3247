//! The receiver for one attempt: bound before the browser opens, closed when the attempt is decided.

use std::sync::Arc;

use crate::attempt::{AuthorizationResponse, ExpectedResponse};
use crate::error::{Code, Error, Result};
use crate::profile::{RedirectUri, ResponseMode};
use crate::trace::Trace;

use super::gate::Gate;
use super::pages::Page;
use super::pasted::{PasteHandle, PasteSlot};
use super::port::Port;
use super::reception::{Decision, Reception, Verdict};
use super::server::Server;

/// A loopback port that waits for one answer. Dropping it closes the port at once.
#[derive(Debug)]
pub(crate) struct Loopback {
    port: Port,
    gate: Gate,
    redirect_uri: String,
    pasted: PasteSlot,
    trace: Trace,
}

/// The answer, and the browser tab that brought it and waits to be told how it ends. A pasted one has no tab.
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

impl Loopback {
    /// Opens the port: any free one, or the first of the listed ones that is free. It belongs to this process from now on,
    /// and connections queue until [`receive`](Self::receive). Must be called within a Tokio runtime.
    ///
    /// # Errors
    /// [`Code::PortUnavailable`] naming the ports.
    pub(crate) fn bind(redirect: &RedirectUri, mode: ResponseMode, trace: Trace) -> Result<Self> {
        let port = Port::open(redirect)?;
        let redirect_uri = redirect.with_port(port.number());
        let gate = Gate::new(redirect, port.number(), mode);
        Ok(Self {
            port,
            gate,
            redirect_uri,
            pasted: PasteSlot::new(),
            trace,
        })
    }

    /// The redirect URI, byte for byte as authorization request and token request carry it.
    pub(crate) fn redirect_uri(&self) -> &str {
        &self.redirect_uri
    }

    /// Takes what is pasted instead, for as long as this waits.
    pub(crate) fn paste_handle(&self) -> PasteHandle {
        self.pasted.handle()
    }

    /// Waits for the one request, or the one pasted text, that ends the attempt. Everything else is turned away. Dropping the future closes the
    /// port at once.
    pub(crate) async fn receive(self, expected: &ExpectedResponse) -> Received {
        let (reception, decision) = Reception::open(self.gate, expected.clone(), self.trace);
        self.pasted.fill(Arc::downgrade(&reception));
        let server = Server::start(self.port, reception);
        match decision.await {
            Ok(Decision { outcome, verdict }) => Received {
                outcome,
                reply: Reply {
                    verdict: Some(verdict),
                    server: Some(server),
                },
            },
            Err(_) => Received {
                outcome: Err(Error::new(
                    Code::Internal,
                    "The loopback receiver stopped by itself",
                )),
                reply: Reply {
                    verdict: None,
                    server: Some(server),
                },
            },
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
            // After the longest wait the neutral page is out already.
            let _ = verdict.send(page);
        }
        if let Some(server) = self.server.take() {
            server.finish().await;
        }
    }
}

//! The receiver for one attempt: bound before the browser opens, closed when the attempt is decided.

use std::sync::Arc;

use crate::attempt::ExpectedResponse;
use crate::error::Result;
use crate::profile::{LoopbackUri, ResponseMode};
use crate::trace::Trace;

use super::gate::Gate;
use super::pasted::{Destination, PasteHandle, PasteSlot};
use super::pending::Pending;
use super::port::Port;
use super::reception::Reception;
use super::reply::Received;
use super::server::Server;

/// A loopback port that waits for one answer. Dropping it closes the port at once.
#[derive(Debug)]
pub(crate) struct Loopback {
    port: Port,
    gate: Arc<Gate>,
    redirect_uri: String,
    pasted: PasteSlot,
    trace: Trace,
}

impl Loopback {
    /// Opens the port: any free one, or the first of the listed ones that is free. It belongs to this process from now on,
    /// and connections queue until [`receive`](Self::receive). Must be called within a Tokio runtime.
    ///
    /// # Errors
    /// [`Code::PortUnavailable`](crate::Code::PortUnavailable) naming the ports.
    pub(super) fn bind(redirect: &LoopbackUri, mode: ResponseMode, trace: Trace) -> Result<Self> {
        let port = Port::open(redirect)?;
        let redirect_uri = redirect.with_port(port.number());
        let gate = Arc::new(Gate::new(redirect, port.number(), mode));
        Ok(Self {
            port,
            gate,
            redirect_uri,
            pasted: PasteSlot::new(),
            trace,
        })
    }

    /// The redirect URI, byte for byte as authorization request and token request carry it.
    pub(super) fn redirect_uri(&self) -> &str {
        &self.redirect_uri
    }

    /// Takes what is pasted instead, for as long as this waits.
    pub(super) fn paste_handle(&self) -> PasteHandle {
        self.pasted.handle()
    }

    /// Waits for the one request, or the one pasted text, that ends the attempt. Everything else is turned away. Dropping the future closes the
    /// port at once.
    pub(super) async fn receive(self, expected: &ExpectedResponse) -> Received {
        let (pending, decision) = Pending::new(expected.clone(), self.trace);
        self.pasted
            .fill(Destination::Port(Arc::clone(&self.gate)), &pending);
        let server = Server::start(self.port, Arc::new(Reception::new(self.gate, pending)));
        Received::of(decision.await, Some(server))
    }
}

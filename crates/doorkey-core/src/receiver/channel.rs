//! The channel that an attempt's answer comes by. It belongs to the attempt: what comes by another one is not its answer.

use crate::attempt::ExpectedResponse;
use crate::error::Result;
use crate::profile::{Profile, RedirectUri};
use crate::trace::{StepKind, Trace, shown};

use super::deep_link::{DeepLink, Links};
use super::loopback::Loopback;
use super::pasted::PasteHandle;
use super::reply::Received;

/// A channel that is open, before it is known what to wait for.
#[derive(Debug)]
pub(crate) enum Channel {
    Loopback(Loopback),
    DeepLink(DeepLink),
}

/// A channel that waits for one answer. Dropping it closes the channel at once.
#[derive(Debug)]
pub(crate) enum Receiver {
    Loopback(Loopback, ExpectedResponse),
    DeepLink(super::deep_link::Waiting),
}

impl Channel {
    /// Opens the channel of the profile's redirect URI: a port, or a place among those who wait for a link. Must be called
    /// within a Tokio runtime.
    ///
    /// # Errors
    /// [`Code::PortUnavailable`](crate::Code::PortUnavailable) naming the ports;
    /// [`Code::DeepLinkUnavailable`](crate::Code::DeepLinkUnavailable) when no link with the scheme can reach this program.
    pub(crate) fn open(profile: &Profile, links: Option<&Links>, trace: &Trace) -> Result<Self> {
        match profile.redirect_uri() {
            RedirectUri::Loopback(uri) => {
                Loopback::bind(uri, profile.response_mode, trace.clone()).map(Self::Loopback)
            }
            RedirectUri::PrivateUse(uri) => {
                DeepLink::open(uri, links, trace.clone()).map(Self::DeepLink)
            }
        }
    }

    /// The redirect URI, byte for byte as authorization request and token request carry it.
    pub(crate) fn redirect_uri(&self) -> &str {
        match self {
            Self::Loopback(loopback) => loopback.redirect_uri(),
            Self::DeepLink(link) => link.redirect_uri(),
        }
    }

    /// Tells that the channel is open.
    pub(crate) fn tell(&self, trace: &Trace) {
        let kind = match self {
            Self::Loopback(_) => StepKind::ReceiverOpened,
            Self::DeepLink(_) => StepKind::LinkAwaited,
        };
        trace.step(kind, || vec![("redirect_uri", shown(self.redirect_uri()))]);
    }

    /// Knows from now on which answer is the right one.
    pub(crate) fn waiting_for(self, expected: ExpectedResponse) -> Receiver {
        match self {
            Self::Loopback(loopback) => Receiver::Loopback(loopback, expected),
            Self::DeepLink(link) => Receiver::DeepLink(link.waiting_for(expected)),
        }
    }
}

impl Receiver {
    /// Takes what is pasted instead, for as long as this waits.
    pub(crate) fn paste_handle(&self) -> PasteHandle {
        match self {
            Self::Loopback(loopback, _) => loopback.paste_handle(),
            Self::DeepLink(waiting) => waiting.paste_handle(),
        }
    }

    /// Waits for the one answer that ends the attempt. Everything else is turned away. Dropping the future closes the
    /// channel at once.
    pub(crate) async fn receive(self) -> Received {
        match self {
            Self::Loopback(loopback, expected) => loopback.receive(&expected).await,
            Self::DeepLink(waiting) => waiting.receive().await,
        }
    }
}

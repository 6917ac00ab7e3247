//! The answer as a link: the browser opens an address with a scheme of this program's own, and the system hands it over
//! ([RFC 8252 §7.1](https://www.rfc-editor.org/rfc/rfc8252#section-7.1)).
//!
//! Anybody on this computer, and any web page, can make such a link. It can do one thing only: end the attempt whose
//! state it knows.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use tokio::sync::oneshot;

use crate::attempt::ExpectedResponse;
use crate::error::{Code, Error, Result};
use crate::profile::PrivateUseUri;
use crate::trace::Trace;

use super::gate::Parameters;
use super::pasted::{Destination, PasteHandle, PasteSlot};
use super::pending::{Decision, Pending};
use super::reply::Received;

/// How large a link may be, in bytes.
const LIMIT: usize = 16 * 1024;

/// Where links from outside are brought to, and where sign-ins wait for them. Cheap to clone; all clones are the same.
///
/// A program that is registered for a scheme makes one, hands it to each of its engines with
/// [`Builder::links`](crate::Builder::links), and gives it whatever the system brings.
#[derive(Clone)]
pub struct Links {
    hub: Arc<Hub>,
}

/// What a link did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LinkOutcome {
    /// It was the answer that a sign-in waited for, be it a code or the provider's refusal.
    Taken,
    /// No sign-in waits for a link.
    NoAttempt,
    /// It is no answer, or not one that is waited for. The sign-ins that wait go on.
    Ignored,
}

struct Hub {
    schemes: Vec<String>,
    waiting: Mutex<Vec<Registration>>,
}

/// An attempt among those that wait.
#[derive(Clone)]
struct Registration {
    redirect_uri: PrivateUseUri,
    pending: Weak<Pending>,
}

/// An attempt's place in the hub, before it is known what it waits for.
#[derive(Debug)]
pub(crate) struct DeepLink {
    links: Links,
    redirect_uri: PrivateUseUri,
    trace: Trace,
}

/// An attempt that waits for its link. Dropping it takes it out of the hub at once.
#[derive(Debug)]
pub(crate) struct Waiting {
    links: Links,
    pending: Arc<Pending>,
    pub(super) decision: oneshot::Receiver<Decision>,
    pasted: PasteSlot,
}

impl Links {
    /// Receives links with these schemes, which the program has registered with the system: domain names in reverse
    /// order, as [`PrivateUseUri`] has them.
    pub fn new<S: Into<String>>(schemes: impl IntoIterator<Item = S>) -> Self {
        let hub = Hub {
            schemes: schemes.into_iter().map(Into::into).collect(),
            waiting: Mutex::default(),
        };
        Self { hub: Arc::new(hub) }
    }

    /// Judges whatever has arrived from outside as a link. The one that a sign-in waits for ends its wait; nothing else
    /// changes anything, and nothing is asked of anybody.
    ///
    /// Never blocks, and costs no more than reading 16 KiB for each sign-in that waits. May be called from any thread.
    pub fn take(&self, text: &str) -> LinkOutcome {
        let waiting = self.hub.open();
        if waiting.is_empty() {
            return LinkOutcome::NoAttempt;
        }
        let ignored = |reason| {
            for (_, pending) in &waiting {
                pending.tell_stray(reason);
            }
            LinkOutcome::Ignored
        };
        if text.len() > LIMIT {
            return ignored("size");
        }
        if text
            .chars()
            .any(|character| character.is_control() || character.is_whitespace())
        {
            return ignored("link");
        }
        // Some providers add a fragment, which no server would be sent.
        let (text, _) = text.split_once('#').unwrap_or((text, ""));
        let (address, query) = text.split_once('?').unwrap_or((text, ""));
        let mut candidates = waiting
            .iter()
            .filter(|(redirect_uri, _)| redirect_uri.as_str() == address)
            .peekable();
        if candidates.peek().is_none() {
            return ignored("link");
        }
        let parameters = Parameters::parse(query.as_bytes());
        let mut rejections = Vec::new();
        for (_, pending) in candidates {
            match pending.parse(&parameters) {
                Ok(outcome) => {
                    return match pending.conclude(None, outcome) {
                        Some(_) => LinkOutcome::Taken,
                        // Decided or cancelled this instant.
                        None => LinkOutcome::NoAttempt,
                    };
                }
                Err(error) => rejections.push((pending, error)),
            }
        }
        for (pending, error) in rejections {
            pending.tell_rejected(&error);
        }
        LinkOutcome::Ignored
    }

    /// How many attempts are in the hub, decided or not.
    #[cfg(test)]
    pub(super) fn count(&self) -> usize {
        self.hub.waiting().len()
    }

    fn receives(&self, scheme: &str) -> bool {
        self.hub.schemes.iter().any(|own| own == scheme)
    }
}

impl Hub {
    /// The attempts whose answer is still to come.
    fn open(&self) -> Vec<(PrivateUseUri, Arc<Pending>)> {
        self.waiting()
            .iter()
            .filter_map(|one| Some((one.redirect_uri.clone(), one.pending.upgrade()?)))
            .filter(|(_, pending)| pending.is_open())
            .collect()
    }

    fn waiting(&self) -> MutexGuard<'_, Vec<Registration>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl DeepLink {
    /// Takes note of the redirect URI, if links to it reach this program.
    ///
    /// # Errors
    /// [`Code::DeepLinkUnavailable`].
    pub(super) fn open(
        redirect_uri: &PrivateUseUri,
        links: Option<&Links>,
        trace: Trace,
    ) -> Result<Self> {
        let scheme = redirect_uri.scheme();
        match links.filter(|links| links.receives(scheme)) {
            Some(links) => Ok(Self {
                links: links.clone(),
                redirect_uri: redirect_uri.clone(),
                trace,
            }),
            None => Err(Error::new(
                Code::DeepLinkUnavailable,
                format!(
                    "The profile's answer comes as a {scheme}: link, and this program does not receive those"
                ),
            )),
        }
    }

    pub(super) fn redirect_uri(&self) -> &str {
        self.redirect_uri.as_str()
    }

    /// Waits from now on, though nobody looks yet: the link may be here before anybody does.
    pub(super) fn waiting_for(self, expected: ExpectedResponse) -> Waiting {
        let (pending, decision) = Pending::new(expected, self.trace);
        let pasted = PasteSlot::new();
        pasted.fill(Destination::Link(self.redirect_uri.clone()), &pending);
        self.links.hub.waiting().push(Registration {
            redirect_uri: self.redirect_uri,
            pending: Arc::downgrade(&pending),
        });
        Waiting {
            links: self.links,
            pending,
            decision,
            pasted,
        }
    }
}

impl Waiting {
    pub(super) fn paste_handle(&self) -> PasteHandle {
        self.pasted.handle()
    }

    /// Waits for the link, or the pasted text, that ends the attempt.
    pub(super) async fn receive(mut self) -> Received {
        let decision = (&mut self.decision).await;
        Received::of(decision, None)
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        let own = Arc::downgrade(&self.pending);
        self.links
            .hub
            .waiting()
            .retain(|one| !one.pending.ptr_eq(&own));
    }
}

impl fmt::Debug for Links {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Links")
            .field("schemes", &self.hub.schemes)
            .finish_non_exhaustive()
    }
}

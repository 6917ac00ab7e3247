//! The other way for an answer to arrive: a person pastes the address that their browser landed on, because it cannot
//! reach the port, or the link that no program was started for.

use std::fmt;
use std::sync::{Arc, Weak};

use tokio::sync::watch;

use crate::error::{Code, Error, Result};
use crate::profile::{PrivateUseUri, ResponseMode};

use super::gate::{Gate, Parameters};
use super::pending::Pending;

/// How large a pasted text may be, in bytes.
const LIMIT: usize = 16 * 1024;

/// Takes what a person pastes while a sign-in waits. Cheap to clone, and useless once the sign-in is over.
#[derive(Clone)]
pub struct PasteHandle(watch::Receiver<Option<Addressee>>);

/// Where an attempt is found as soon as it waits.
#[derive(Debug)]
pub(super) struct PasteSlot(watch::Sender<Option<Addressee>>);

/// An attempt, and where its answer goes.
#[derive(Clone, Debug)]
struct Addressee {
    destination: Destination,
    pending: Weak<Pending>,
}

/// Where the answer of an attempt goes when nobody pastes it.
#[derive(Clone, Debug)]
pub(super) enum Destination {
    /// To a loopback port, through this gate.
    Port(Arc<Gate>),
    /// To whoever receives links with this redirect URI.
    Link(PrivateUseUri),
}

/// Why a text is no answer, and a word for the trace.
struct Unusable {
    reason: &'static str,
    error: Error,
}

impl PasteHandle {
    /// Judges a pasted address, or the query of one, by the rules of a request that comes to the port. The answer
    /// that was waited for ends the wait, be it a code or the provider's refusal; anything else changes nothing.
    ///
    /// Before [`SignIn::answer`](crate::SignIn::answer) is awaited, this waits for it.
    ///
    /// # Errors
    /// Why the text is not the answer, in one sentence: [`Code::StateMismatch`] if it belongs to another sign-in or this one
    /// is over, [`Code::AuthorizationResponseInvalid`] if it is no such address, [`Code::RequestInvalid`] if the
    /// provider posts its answer, so that no address holds it.
    pub async fn paste(&self, text: &str) -> Result<()> {
        let mut slot = self.0.clone();
        let is_there = |addressee: &Option<Addressee>| {
            addressee
                .as_ref()
                .is_some_and(|addressee| addressee.pending.strong_count() > 0)
        };
        let addressee = match slot.wait_for(is_there).await {
            Ok(addressee) => addressee.clone(),
            Err(_) => None,
        };
        match addressee {
            Some(addressee) => addressee.take(text),
            None => Err(over()),
        }
    }
}

impl PasteSlot {
    pub(super) fn new() -> Self {
        Self(watch::Sender::new(None))
    }

    pub(super) fn handle(&self) -> PasteHandle {
        PasteHandle(self.0.subscribe())
    }

    pub(super) fn fill(&self, destination: Destination, pending: &Arc<Pending>) {
        self.0.send_replace(Some(Addressee {
            destination,
            pending: Arc::downgrade(pending),
        }));
    }
}

impl Addressee {
    /// Ends the attempt with a pasted text, or says why that is not its answer.
    fn take(&self, text: &str) -> Result<()> {
        let pending = self.pending.upgrade().ok_or_else(over)?;
        let parameters = self.destination.pasted(text).map_err(|unusable| {
            pending.tell_stray(unusable.reason);
            unusable.error
        })?;
        let outcome = pending
            .parse(&parameters)
            .inspect_err(|error| pending.tell_rejected(error))?;
        match pending.conclude(None, outcome) {
            Some(_) => Ok(()),
            None => {
                pending.tell_stray("over");
                Err(over())
            }
        }
    }
}

impl Destination {
    /// The parameters of a pasted text that may be an answer.
    fn pasted(&self, text: &str) -> Result<Parameters, Unusable> {
        if let Self::Port(gate) = self
            && gate.mode == ResponseMode::FormPost
        {
            return Err(Unusable {
                reason: "method",
                error: Error::new(
                    Code::RequestInvalid,
                    "This provider posts its answer, so the address does not hold it and pasting it cannot work",
                )
                .with_hint("Open the link again, in a browser on this computer that may reach 127.0.0.1."),
            });
        }
        if text.len() > LIMIT {
            return Err(self.no_address("size", "The pasted text is longer than any such address"));
        }
        let text = text.trim();
        if text.is_empty() {
            return Err(self.no_address("address", "There is nothing in what was pasted"));
        }
        if text
            .chars()
            .any(|character| character.is_control() || character.is_whitespace())
        {
            return Err(self.no_address(
                "address",
                "The pasted text has spaces or line breaks, and no address has those",
            ));
        }
        // A browser keeps the fragment to itself.
        let (text, _) = text.split_once('#').unwrap_or((text, ""));
        let query = match text.split_once('?') {
            Some(("", query)) => query,
            Some((address, query)) if self.is_at(address) => query,
            Some(_) => return Err(self.elsewhere()),
            None if is_query(text) => text,
            None if self.is_at(text) => "",
            None => return Err(self.elsewhere()),
        };
        Ok(Parameters::parse(query.as_bytes()))
    }

    /// Whether an address is the redirect URI, byte for byte. Browsers that insist on HTTPS have turned `http:` into
    /// `https:`, and that is just when somebody pastes.
    fn is_at(&self, address: &str) -> bool {
        match self {
            Self::Port(gate) => ["http://", "https://"]
                .iter()
                .find_map(|scheme| address.strip_prefix(scheme))
                .and_then(|rest| rest.strip_suffix(gate.path.as_str()))
                .is_some_and(|authority| gate.authorities.iter().any(|own| own == authority)),
            Self::Link(redirect_uri) => redirect_uri.as_str() == address,
        }
    }

    fn elsewhere(&self) -> Unusable {
        self.no_address(
            "address",
            "The pasted text is not the address that this sign-in waits for",
        )
    }

    fn no_address(&self, reason: &'static str, message: &str) -> Unusable {
        let hint = match self {
            Self::Port(_) => {
                "Copy everything in the browser's address bar, from http:// to the end, and paste that.".to_owned()
            }
            Self::Link(redirect_uri) => format!(
                "Copy the whole link that the browser was to open, from {}: to the end, and paste that.",
                redirect_uri.scheme()
            ),
        };
        Unusable {
            reason,
            error: Error::new(Code::AuthorizationResponseInvalid, message).with_hint(hint),
        }
    }
}

/// That an attempt is not waiting any more.
fn over() -> Error {
    Error::new(
        Code::StateMismatch,
        "The sign-in that this answer belongs to is over",
    )
    .with_hint("Start again if you are not signed in.")
}

/// Whether a text that is no whole address begins with a parameter. What stands before the first `=` of an address has
/// a colon or a slash.
fn is_query(text: &str) -> bool {
    text.split_once('=')
        .is_some_and(|(name, _)| !name.is_empty() && !name.contains([':', '/']))
}

impl fmt::Debug for PasteHandle {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("PasteHandle")
            .finish_non_exhaustive()
    }
}

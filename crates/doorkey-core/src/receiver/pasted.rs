//! The other way for an answer to arrive: a person pastes the address that their browser landed on, because it cannot
//! reach the port.

use std::fmt;
use std::sync::Weak;

use tokio::sync::watch;

use crate::error::{Code, Error, Result};
use crate::profile::ResponseMode;

use super::gate::{Gate, Parameters};
use super::reception::Reception;

/// How large a pasted text may be, in bytes.
const LIMIT: usize = 16 * 1024;

/// Takes what a person pastes while a sign-in waits. Cheap to clone, and useless once the sign-in is over.
#[derive(Clone)]
pub struct PasteHandle(watch::Receiver<Weak<Reception>>);

/// Where the receiver of an attempt is found as soon as it waits.
#[derive(Debug)]
pub(super) struct PasteSlot(watch::Sender<Weak<Reception>>);

/// Why a text is no answer, and a word for the trace.
pub(super) struct Unusable {
    pub(super) reason: &'static str,
    pub(super) error: Error,
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
        let reception = match slot.wait_for(|waiting| waiting.strong_count() > 0).await {
            Ok(waiting) => waiting.upgrade(),
            Err(_) => None,
        };
        match reception {
            Some(reception) => reception.paste(text),
            None => Err(over()),
        }
    }
}

impl PasteSlot {
    pub(super) fn new() -> Self {
        Self(watch::Sender::new(Weak::new()))
    }

    pub(super) fn handle(&self) -> PasteHandle {
        PasteHandle(self.0.subscribe())
    }

    pub(super) fn fill(&self, reception: Weak<Reception>) {
        self.0.send_replace(reception);
    }
}

impl Gate {
    /// The parameters of a pasted text that may be an answer.
    pub(super) fn pasted(&self, text: &str) -> Result<Parameters, Unusable> {
        if self.mode == ResponseMode::FormPost {
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
            return Err(no_address(
                "size",
                "The pasted text is longer than any such address",
            ));
        }
        let text = text.trim();
        if text.is_empty() {
            return Err(no_address("address", "There is nothing in what was pasted"));
        }
        if text
            .chars()
            .any(|character| character.is_control() || character.is_whitespace())
        {
            return Err(no_address(
                "address",
                "The pasted text has spaces or line breaks, and no address has those",
            ));
        }
        // A browser keeps the fragment to itself.
        let (text, _) = text.split_once('#').unwrap_or((text, ""));
        let query = match text.split_once('?') {
            Some(("", query)) => query,
            Some((address, query)) if self.is_at(address) => query,
            Some(_) => return Err(elsewhere()),
            None if is_query(text) => text,
            None if self.is_at(text) => "",
            None => return Err(elsewhere()),
        };
        Ok(Parameters::parse(query.as_bytes()))
    }

    /// Whether an address is the redirect URI, byte for byte. Browsers that insist on HTTPS have turned `http:` into
    /// `https:`, and that is just when somebody pastes.
    fn is_at(&self, address: &str) -> bool {
        ["http://", "https://"]
            .iter()
            .find_map(|scheme| address.strip_prefix(scheme))
            .and_then(|rest| rest.strip_suffix(self.path.as_str()))
            .is_some_and(|authority| self.authorities.iter().any(|own| own == authority))
    }
}

/// That an attempt is not waiting any more.
pub(super) fn over() -> Error {
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

fn no_address(reason: &'static str, message: &str) -> Unusable {
    Unusable {
        reason,
        error: Error::new(Code::AuthorizationResponseInvalid, message).with_hint(
            "Copy everything in the browser's address bar, from http:// to the end, and paste that.",
        ),
    }
}

fn elsewhere() -> Unusable {
    no_address(
        "address",
        "The pasted text is not the address that this sign-in waits for",
    )
}

impl fmt::Debug for PasteHandle {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("PasteHandle")
            .finish_non_exhaustive()
    }
}

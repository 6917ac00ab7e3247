//! For each parser of what others write a function that takes any bytes and watches the parser's laws: it panics when
//! one is broken. No part of the API: only tests and the fuzz targets see it.
//!
//! The laws stand in the rooms that own the parsers. `fuzz/` feeds them for as long as one likes (`cargo xtask fuzz`), the
//! tests below for a moment.

#[cfg(test)]
mod tests;

use std::sync::Arc;

use crate::clock::SystemClock;
use crate::error::Error;
use crate::text::is_clean;
use crate::trace::{Flow, Trace};
use crate::{
    api, browser, device, doctor, identity, preset, profile, provider, receiver, session, token,
    transfer, vault,
};

/// How long a message or a hint may be, in characters: two hundred that are quoted, each escaped, and a sentence.
const LONGEST_TOLD: usize = 3_000;

/// What is fed, and where.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// Its name: that of its fuzz target and of the folder with its seeds.
    pub name: &'static str,
    /// Feeds the bytes to the parser. Panics when a law is broken.
    pub feed: fn(&[u8]) -> Verdict,
}

/// What became of the bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The parser has made something of them, and it obeys its laws.
    Accepted,
    /// They were turned away, in words that can be shown.
    Refused,
}

/// Every target.
pub const ALL: &[Target] = &[
    Target::new("callback", receiver::fuzzing::callback),
    Target::new("id_token", identity::fuzzing::id_token),
    Target::new("deep_link", receiver::fuzzing::deep_link),
    Target::new("pasted", receiver::fuzzing::pasted),
    Target::new("discovery", provider::fuzzing::discovery),
    Target::new("client_settings", provider::fuzzing::client_settings),
    Target::new("token_response", token::fuzzing::token_response),
    Target::new("token_refusal", token::fuzzing::token_refusal),
    Target::new(
        "device_authorization",
        device::fuzzing::device_authorization,
    ),
    Target::new("userinfo", identity::fuzzing::userinfo),
    Target::new("token_facts", identity::fuzzing::token_facts),
    Target::new("key_set", identity::fuzzing::key_set),
    Target::new("challenge", api::fuzzing::challenge),
    Target::new("profile", profile::fuzzing::profile),
    Target::new("preset_form", preset::fuzzing::form),
    Target::new("preset_text", preset::fuzzing::text),
    Target::new("import", transfer::fuzzing::import),
    Target::new("browser_command", browser::fuzzing::command),
    #[cfg(all(unix, not(target_os = "macos")))]
    Target::new("desktop_entry", browser::fuzzing::desktop_entry),
    Target::new("session_record", session::fuzzing::session_record),
    Target::new("keychain_item", vault::fuzzing::keychain_item),
    Target::new(
        "authorization_answer",
        doctor::fuzzing::authorization_answer,
    ),
];

impl Target {
    const fn new(name: &'static str, feed: fn(&[u8]) -> Verdict) -> Self {
        Self { name, feed }
    }

    /// The target of this name.
    pub fn named(name: &str) -> Option<Self> {
        ALL.iter().copied().find(|target| target.name == name)
    }
}

impl Verdict {
    pub(crate) fn of(is_accepted: bool) -> Self {
        if is_accepted {
            Self::Accepted
        } else {
            Self::Refused
        }
    }
}

/// What is told of an error is a sentence and a hint: inert, and short enough to be read.
pub(crate) fn assert_tellable(error: &Error) {
    assert_inert(&error.message(), LONGEST_TOLD);
    assert_inert(error.hint(), LONGEST_TOLD);
    assert!(!error.message().is_empty() && !error.hint().is_empty());
}

/// What is shown changes no terminal and no reading direction, and has an end.
pub(crate) fn assert_inert(text: &str, longest: usize) {
    assert!(is_clean(text), "{text:?} disguises itself");
    assert!(text.chars().count() <= longest, "{text:?} is too long");
}

/// A trace that nobody listens to.
pub(crate) fn unheard() -> Trace {
    Trace::new(Flow::SignIn, Arc::new(SystemClock), None)
}

//! What can go wrong with a part, in words that say what to do.

use std::{io, time::Duration};

/// Why a part could not do its work.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A program or file that the part needs is not there.
    #[error("{what} is missing: {fix}")]
    Missing {
        /// The program or file.
        what: String,
        /// How to get it.
        fix: String,
    },
    /// The awaited event did not come in time.
    #[error("{part}: no {awaited} within {waited:?}\n{said}")]
    Late {
        /// The part that was waited for.
        part: String,
        /// The event.
        awaited: String,
        /// How long.
        waited: Duration,
        /// All that the part printed.
        said: String,
    },
    /// The part's process ended before the awaited event.
    #[error("{part} ended before {awaited}\n{said}")]
    Ended {
        /// The part that ended.
        part: String,
        /// The event that was waited for.
        awaited: String,
        /// All that the part printed.
        said: String,
    },
    /// The part answered, but not what was expected.
    #[error("{part}: {message}")]
    Unexpected {
        /// The part that answered.
        part: String,
        /// What was expected, and what came.
        message: String,
    },
    /// The operating system refused something.
    #[error("cannot {doing}: {source}")]
    Io {
        /// What was attempted.
        doing: String,
        /// Why it failed.
        source: io::Error,
    },
    /// D-Bus refused something.
    #[error("D-Bus: {0}")]
    Bus(#[from] zbus::Error),
    /// An HTTP request failed.
    #[error("HTTP: {}", chain(.0))]
    Http(reqwest::Error),
    /// WebDriver refused something.
    #[error("WebDriver: {0}")]
    Driver(#[from] fantoccini::error::CmdError),
    /// WebDriver gave no session.
    #[error("WebDriver gave no session: {0}")]
    Session(#[from] fantoccini::error::NewSessionError),
}

/// What the support library's functions return.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// Wraps an I/O error, for `map_err`.
    pub fn io(doing: impl Into<String>) -> impl FnOnce(io::Error) -> Self {
        let doing = doing.into();
        move |source| Self::Io { doing, source }
    }

    /// A part that answered something else than expected.
    pub fn unexpected(part: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Unexpected {
            part: part.into(),
            message: message.into(),
        }
    }
}

/// Without the URL: the one of a callback holds a code.
impl From<reqwest::Error> for Error {
    fn from(error: reqwest::Error) -> Self {
        Self::Http(error.without_url())
    }
}

impl From<zbus::fdo::Error> for Error {
    fn from(error: zbus::fdo::Error) -> Self {
        Self::Bus(error.into())
    }
}

impl From<zbus::zvariant::Error> for Error {
    fn from(error: zbus::zvariant::Error) -> Self {
        Self::Bus(error.into())
    }
}

/// An error with all its causes: reqwest alone says only "error sending request".
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text.push_str(": ");
        text.push_str(&inner.to_string());
        cause = inner.source();
    }
    text
}

//! Why something could not be measured.

use std::io;

use doorkey_bench::bare;

/// Why something could not be measured.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// A part did not start or is missing.
    #[error(transparent)]
    Part(#[from] doorkey_tests::Error),
    /// The engine did not do its work.
    #[error(transparent)]
    Engine(#[from] doorkey_core::Error),
    /// The embedded provider did not start.
    #[error(transparent)]
    Provider(#[from] doorkey_idp::StartError),
    /// The embedded provider did not do what was asked.
    #[error(transparent)]
    Running(#[from] doorkey_idp::RunningError),
    /// A bare sign-in failed.
    #[error(transparent)]
    Bare(#[from] bare::Error),
    /// A bare request failed.
    #[error("HTTP: {0}")]
    Http(#[from] reqwest::Error),
    /// A request of the load failed.
    #[error("HTTP: {0}")]
    Hyper(#[from] hyper::Error),
    /// The operating system refused something.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// A program that is measured failed.
    #[error("{program} failed ({status}):\n{said}")]
    Failed {
        /// Its name.
        program: String,
        /// How it ended.
        status: std::process::ExitStatus,
        /// What it wrote to standard error.
        said: String,
    },
    /// Something else happened than what was to be measured.
    #[error("{0}")]
    Unexpected(String),
}

pub(crate) type Result<T> = std::result::Result<T, Error>;

/// Something else happened than what was to be measured.
pub(crate) fn unexpected(what: impl Into<String>) -> Error {
    Error::Unexpected(what.into())
}

impl From<tokio::task::JoinError> for Error {
    fn from(error: tokio::task::JoinError) -> Self {
        unexpected(error.to_string())
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        unexpected(format!("cannot write or read JSON: {error}"))
    }
}

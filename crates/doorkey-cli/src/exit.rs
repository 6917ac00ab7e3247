//! How a command ends: its exit code, and what is told of a failure.

use std::process::ExitCode;

use doorkey_core::{Code, Error, Fault, ProfileName};

/// The exit codes of the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// It is done.
    Done = 0,
    /// It failed for a reason that has no code of its own.
    Failed = 1,
    /// The arguments or the profile are wrong.
    Usage = 2,
    /// Nobody is signed in.
    NotSignedIn = 3,
    /// The sign-in was refused, cancelled, or took too long.
    SignIn = 4,
    /// The provider misbehaved or is misconfigured.
    Provider = 5,
    /// The network failed.
    Network = 6,
    /// The keychain failed.
    Keychain = 7,
    /// The API answered 4xx or 5xx.
    Api = 8,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

impl From<Fault> for Exit {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Usage => Self::Usage,
            Fault::NotSignedIn => Self::NotSignedIn,
            Fault::SignIn => Self::SignIn,
            Fault::Provider => Self::Provider,
            Fault::Network => Self::Network,
            Fault::Keychain => Self::Keychain,
            Fault::Api => Self::Api,
            _ => Self::Failed,
        }
    }
}

/// Why a command failed, ready to be told.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    /// The exit code.
    pub(crate) exit: Exit,
    /// The stable code, for programs.
    pub(crate) code: &'static str,
    /// What happened.
    pub(crate) message: String,
    /// What to do about it.
    pub(crate) hint: String,
}

/// What a command returns: its exit code once everything is told, or why it failed.
pub(crate) type Outcome = Result<Exit, Failure>;

impl Failure {
    /// The command was not used as it is meant to be.
    pub(crate) fn usage(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self {
            exit: Exit::Usage,
            code: "usage",
            message: message.into(),
            hint: hint.into(),
        }
    }

    /// A failure under one of the engine's codes.
    pub(crate) fn new(code: Code, message: impl Into<String>) -> Self {
        Error::new(code, message).into()
    }

    /// The person pressed Ctrl-C, or somebody asked the process to end.
    pub(crate) fn cancelled() -> Self {
        Self::new(Code::Cancelled, "Cancelled")
    }

    /// Nobody is signed in with the profile.
    pub(crate) fn not_signed_in(profile: &ProfileName) -> Self {
        Self::new(
            Code::NotSignedIn,
            format!("Nobody is signed in with profile `{profile}`"),
        )
        .with_hint(sign_in(profile))
    }

    /// Replaces the hint.
    pub(crate) fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }

    /// Names the command that helps, where the engine cannot know that there is one.
    pub(crate) fn of_session(error: Error, profile: &ProfileName) -> Self {
        let ended = matches!(error.code(), Code::NotSignedIn | Code::SessionEnded);
        let failure = Self::from(error);
        if ended {
            failure.with_hint(sign_in(profile))
        } else {
            failure
        }
    }
}

/// The command that signs in with a profile.
pub(crate) fn sign_in(profile: &ProfileName) -> String {
    if profile.as_str() == doorkey_core::DEMO {
        "Sign in: doorkey login".to_owned()
    } else {
        format!("Sign in: doorkey login --profile {profile}")
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self {
            exit: error.fault().into(),
            code: error.code().as_str(),
            message: error.message(),
            hint: error.hint().to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_of_the_engine_has_the_exit_code_of_its_fault() {
        for (code, exit) in [
            (Code::Internal, 1),
            (Code::PortUnavailable, 1),
            (Code::ProfileNotFound, 2),
            (Code::OriginNotAllowed, 2),
            (Code::SessionEnded, 3),
            (Code::ProviderDenied, 4),
            (Code::Cancelled, 4),
            (Code::TimedOut, 4),
            (Code::IssuerMismatch, 5),
            (Code::Offline, 6),
            (Code::TlsUntrusted, 6),
            (Code::KeychainLocked, 7),
            (Code::ApiUnauthorized, 8),
        ] {
            let failure = Failure::from(Error::new(code, "x"));
            assert_eq!((failure.exit as u8, failure.code), (exit, code.as_str()));
        }
    }
}

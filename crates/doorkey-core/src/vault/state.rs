//! How the keychain is, in words for people.

use crate::error::{Code, Error};

/// How the keychain is.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeychainState {
    /// It can be used.
    Ready {
        /// What it is called, if it says so.
        name: Option<String>,
    },
    /// It has to be unlocked first: [`Doorkey::unlock_keychain`](crate::Doorkey::unlock_keychain).
    Locked {
        /// What it is called, if it says so.
        name: Option<String>,
    },
    /// It is there, but nobody has ever set a password for it.
    NeverSetUp,
    /// There is none that could be used.
    Absent {
        /// Why, in one sentence without a full stop.
        reason: String,
    },
}

impl KeychainState {
    /// What it is called, if it says so.
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::Ready { name } | Self::Locked { name } => name.as_deref(),
            Self::NeverSetUp | Self::Absent { .. } => None,
        }
    }

    /// Why nothing can be kept, and what to do about it; none if it can.
    pub fn problem(&self) -> Option<Error> {
        Some(match self {
            Self::Ready { .. } => return None,
            Self::Locked { .. } => locked(),
            Self::NeverSetUp => Error::new(
                Code::KeychainLocked,
                "The keychain has never been opened, so there is nowhere to keep the session",
            )
            .with_hint("Open your keychain's own program once and set a password, then try again."),
            Self::Absent { reason } => Error::new(Code::KeychainUnavailable, reason.clone()),
        })
    }

    /// The state that an error of the keychain means.
    pub(super) fn of_error(error: &Error) -> Self {
        match error.code() {
            Code::KeychainLocked => Self::Locked { name: None },
            _ => Self::Absent {
                reason: error.message(),
            },
        }
    }
}

pub(super) fn locked() -> Error {
    Error::new(Code::KeychainLocked, "The keychain is locked")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_keychain_that_is_ready_is_no_problem() {
        let named = || Some("Login".to_owned());
        for (state, name, code) in [
            (KeychainState::Ready { name: named() }, named(), None),
            (
                KeychainState::Locked { name: named() },
                named(),
                Some(Code::KeychainLocked),
            ),
            (KeychainState::NeverSetUp, None, Some(Code::KeychainLocked)),
            (
                KeychainState::Absent {
                    reason: "There is none".to_owned(),
                },
                None,
                Some(Code::KeychainUnavailable),
            ),
        ] {
            assert_eq!(state.name(), name.as_deref());
            let problem = state.problem();
            assert_eq!(problem.as_ref().map(Error::code), code, "{state:?}");
            // An error of a store means the state that has that problem.
            if let Some(problem) = problem {
                let meant = KeychainState::of_error(&problem).problem();
                assert_eq!(meant.map(|error| error.code()), code);
            }
        }
    }
}

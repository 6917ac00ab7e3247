//! The engine's errors, made ready to be shown.

use doorkey_core::{Error, SignOutReport, SignOutStep};

use crate::view;

impl From<&Error> for view::Problem {
    fn from(error: &Error) -> Self {
        Self {
            code: error.code().as_str().to_owned(),
            message: sentence(&error.message()),
            hint: error.hint().to_owned(),
            field: None,
        }
    }
}

impl From<Error> for view::Problem {
    fn from(error: Error) -> Self {
        Self::from(&error)
    }
}

impl view::Problem {
    /// A problem that the shell finds by itself. Message and hint are sentences.
    pub(crate) fn new(code: &str, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self {
            code: code.to_owned(),
            message: message.into(),
            hint: hint.into(),
            field: None,
        }
    }

    /// What was asked for is not known any more.
    pub(crate) fn forgotten(what: &str) -> Self {
        Self::new(
            "forgotten",
            format!("This {what} is not kept any more."),
            "Only the latest ones are.",
        )
    }

    /// Nobody is signed in, so there is nothing to act upon.
    pub(crate) fn not_signed_in() -> Self {
        Self::new("not_signed_in", "Nobody is signed in.", "Sign in first.")
    }

    /// The app is about to end.
    pub(crate) fn quitting() -> Self {
        Self::new("internal", "Doorkey is quitting.", "Start it again.")
    }
}

impl From<&SignOutReport> for view::SignOutReport {
    fn from(report: &SignOutReport) -> Self {
        Self {
            local: (&report.local).into(),
            revoked: (&report.revoked).into(),
            session_ended: (&report.session_ended).into(),
        }
    }
}

impl From<&SignOutStep> for view::SignOutStep {
    fn from(step: &SignOutStep) -> Self {
        match step {
            SignOutStep::Done => Self::Done,
            SignOutStep::Skipped(reason) => Self::Skipped {
                reason: sentence(reason),
            },
            SignOutStep::Failed(error) => Self::Failed {
                reason: sentence(&error.message()),
            },
        }
    }
}

/// A sentence of a clause: with a capital and a full stop.
pub(crate) fn sentence(clause: &str) -> String {
    let clause = clause.trim();
    let mut letters = clause.chars();
    let mut sentence: String = letters
        .next()
        .into_iter()
        .flat_map(char::to_uppercase)
        .collect();
    sentence.push_str(letters.as_str());
    if !sentence.is_empty() && !sentence.ends_with(['.', '!', '?']) {
        sentence.push('.');
    }
    sentence
}

#[cfg(test)]
mod tests {
    use doorkey_core::Code;

    use super::*;

    #[test]
    fn an_error_keeps_its_code_and_hint_and_becomes_a_sentence() {
        let problem =
            view::Problem::from(Error::new(Code::Offline, "no route to login.example.com"));
        assert_eq!(
            problem,
            view::Problem::new(
                "offline",
                "No route to login.example.com.",
                Code::Offline.hint()
            )
        );
    }

    #[test]
    fn a_report_says_each_reason_in_a_sentence() {
        let report = SignOutReport {
            local: SignOutStep::Done,
            revoked: SignOutStep::Failed(Error::new(
                Code::Offline,
                "The provider cannot be reached",
            )),
            session_ended: SignOutStep::Skipped("it was not asked for"),
        };
        assert_eq!(
            view::SignOutReport::from(&report),
            view::SignOutReport {
                local: view::SignOutStep::Done,
                revoked: view::SignOutStep::Failed {
                    reason: "The provider cannot be reached.".to_owned()
                },
                session_ended: view::SignOutStep::Skipped {
                    reason: "It was not asked for.".to_owned()
                },
            }
        );
    }
}

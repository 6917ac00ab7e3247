//! The authorization response ([RFC 6749 §4.1.2](https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2),
//! [RFC 9207](https://www.rfc-editor.org/rfc/rfc9207)): parameters in, a code out.
//!
//! State decides first. Whoever does not know it cannot end the attempt, whatever else they send.

use std::fmt;

use secrecy::{ExposeSecret as _, SecretString};
use subtle::ConstantTimeEq as _;

use crate::error::{Code, Error};
use crate::text::clean;
use crate::token::AuthorizationCode;

/// How much of a provider's explanation is told, in characters.
const DESCRIPTION_LIMIT: usize = 300;
/// How much of an error code or an issuer is told, in characters.
const NAME_LIMIT: usize = 120;
/// The parameters that would mean different things to different readers if they came twice.
const ONCE: [&str; 4] = ["state", "code", "error", "iss"];
/// What belongs to flows that hand tokens through the browser, which this is not.
const TOKENS: [&str; 3] = ["access_token", "id_token", "refresh_token"];
/// What a provider says when the person, or a policy about the person, stands in the way.
const DENIALS: [&str; 5] = [
    "access_denied",
    "login_required",
    "consent_required",
    "interaction_required",
    "account_selection_required",
];

/// What a response must carry to be the answer to an attempt.
#[derive(Clone)]
pub(crate) struct ExpectedResponse {
    state: SecretString,
    issuer: Option<String>,
    issuer_required: bool,
}

/// The answer that was waited for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct AuthorizationResponse {
    /// What the token endpoint redeems.
    pub(crate) code: AuthorizationCode,
}

/// Why a response is not the answer that was waited for.
#[derive(Debug)]
pub(crate) enum Rejection {
    /// Nothing shows that it comes from the provider: it changes nothing, and the attempt goes on.
    Stray(Error),
    /// It is the provider's answer, and it ends the attempt.
    Final(Error),
}

impl ExpectedResponse {
    /// The state of the attempt, the provider's issuer if it has one, and whether each of its responses names it.
    pub(crate) fn new(
        state: impl Into<String>,
        issuer: Option<String>,
        issuer_required: bool,
    ) -> Self {
        Self {
            state: SecretString::from(state.into()),
            issuer,
            issuer_required,
        }
    }

    /// Compares whole, in constant time, byte by byte.
    fn has_state(&self, state: &str) -> bool {
        let expected = self.state.expose_secret();
        !expected.is_empty() && bool::from(expected.as_bytes().ct_eq(state.as_bytes()))
    }

    /// [RFC 9207 §2.4](https://www.rfc-editor.org/rfc/rfc9207#section-2.4): an issuer that is named is compared,
    /// announced or not; one that is announced must be named.
    fn check_issuer(&self, named: Option<&str>) -> Result<(), Error> {
        match (&self.issuer, named) {
            (Some(expected), Some(named)) if named != expected => Err(Error::new(
                Code::IssuerMismatch,
                format!(
                    "The answer comes from the issuer {}, not from {expected}",
                    clean(named, NAME_LIMIT)
                ),
            )),
            (_, None) if self.issuer_required => Err(Error::new(
                Code::IssuerMismatch,
                "The answer does not say which issuer it comes from, although the provider promises that",
            )),
            _ => Ok(()),
        }
    }
}

impl AuthorizationResponse {
    /// Parses the parameters, percent-decoded, in the order and number they came in. Names are case-sensitive, and
    /// unknown ones are ignored.
    pub(crate) fn parse(
        parameters: &[(String, String)],
        expected: &ExpectedResponse,
    ) -> Result<Self, Rejection> {
        for name in ONCE {
            if parameters.iter().filter(|(other, _)| other == name).count() > 1 {
                return Err(stray(format!("The answer has `{name}` more than once")));
            }
        }
        // RFC 6749 §3.1: a parameter without a value counts as left out.
        let value = |name: &str| {
            parameters
                .iter()
                .find(|(other, value)| other == name && !value.is_empty())
                .map(|(_, value)| value.as_str())
        };
        match value("state") {
            Some(state) if expected.has_state(state) => {}
            Some(_) => {
                return Err(mismatch(
                    "The answer's state belongs to no sign-in that is waiting",
                ));
            }
            None => return Err(mismatch("The answer has no state")),
        }

        let (code, error, issuer) = (value("code"), value("error"), value("iss"));
        if code.is_some_and(|code| !code.bytes().all(|byte| matches!(byte, 0x20..=0x7e))) {
            return Err(stray("The answer's code has characters that no code has"));
        }
        for (name, value) in [("error", error), ("iss", issuer)] {
            if value.is_some_and(is_garbled) {
                return Err(stray(format!(
                    "The answer's `{name}` has characters that do not belong there"
                )));
            }
        }

        expected.check_issuer(issuer).map_err(Rejection::Final)?;
        if TOKENS.iter().any(|name| value(name).is_some()) {
            return Err(invalid(
                "The provider sent tokens through the browser, where a code was asked for",
            ));
        }
        match (error, code) {
            (Some(error), code) => {
                // What the same answer gives away elsewhere is not repeated.
                let told = [value("state"), code];
                let description = value("error_description")
                    .filter(|text| !told.iter().flatten().any(|secret| text.contains(secret)));
                Err(Rejection::Final(refusal(error, description)))
            }
            (None, Some(code)) => Ok(Self {
                code: AuthorizationCode::new(code),
            }),
            (None, None) => Err(invalid(
                "The provider's answer has neither a code nor an error",
            )),
        }
    }
}

impl fmt::Debug for ExpectedResponse {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ExpectedResponse")
            .field("issuer", &self.issuer)
            .field("issuer_required", &self.issuer_required)
            .finish_non_exhaustive()
    }
}

fn mismatch(message: &str) -> Rejection {
    Rejection::Stray(Error::new(Code::StateMismatch, message))
}

fn stray(message: impl Into<String>) -> Rejection {
    Rejection::Stray(Error::new(Code::AuthorizationResponseInvalid, message))
}

fn invalid(message: &str) -> Rejection {
    Rejection::Final(Error::new(Code::AuthorizationResponseInvalid, message))
}

/// Control characters, or what is left of bytes that are not UTF-8.
fn is_garbled(text: &str) -> bool {
    text.chars()
        .any(|character| character.is_control() || character == char::REPLACEMENT_CHARACTER)
}

/// What the provider says, as text and nothing else. `error_uri` is never shown: it would be a link that a
/// stranger may choose. Explanations have line breaks at well-known providers, so those do not make an answer a stray.
fn refusal(error: &str, description: Option<&str>) -> Error {
    let code = if DENIALS.contains(&error) {
        Code::ProviderDenied
    } else {
        Code::AuthorizationRefused
    };
    let mut message = format!("The provider answered `{}`", clean(error, NAME_LIMIT));
    if let Some(description) = description {
        let line = clean(description, DESCRIPTION_LIMIT);
        if !line.is_empty() {
            message.push_str(": ");
            message.push_str(&line);
        }
    }
    Error::new(code, message)
}

#[cfg(test)]
mod tests;

//! Where a client secret is read from: the terminal, standard input or a file, and never an argument.

use std::io::{self, ErrorKind, IsTerminal as _, Read};
use std::path::PathBuf;
use std::time::Duration;

use doorkey_core::{ClientSecret, Code, ProfileName};

use crate::context::Context;
use crate::exit::Failure;
use crate::interrupt::Interrupt;

/// More than any secret has, so that a wrong file does not fill the memory.
const LONGEST: u64 = 64 * 1024;
/// How long a question that was broken off may take to give the terminal its echo back.
const ECHO_RETURNS: Duration = Duration::from_millis(500);

/// Where a secret is to be read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum SecretSource {
    Stdin,
    File(PathBuf),
}

impl SecretSource {
    /// Reads `-` and `@FILE`.
    ///
    /// # Errors
    /// When it is a secret by itself, which is not repeated.
    pub(super) fn parse(text: &str) -> Result<Self, Failure> {
        match text.strip_prefix('@') {
            Some(path) if !path.is_empty() => Ok(Self::File(path.into())),
            None if text == "-" => Ok(Self::Stdin),
            _ => Err(Failure::usage(
                "A client secret is not taken as an argument: every program on this computer can read those",
                "Give it on standard input with --set client_secret=-, from a file with --set client_secret=@FILE, or leave it out and be asked.",
            )),
        }
    }

    /// Reads the secret, without the spaces and line ends around it. A person at the terminal is asked.
    ///
    /// # Errors
    /// When it cannot be read, or none is given.
    pub(super) async fn read(&self, name: &ProfileName) -> Result<ClientSecret, Failure> {
        let text = match self {
            Self::Stdin if io::stdin().is_terminal() => {
                return ask(name).await?.ok_or_else(|| {
                    Failure::usage(
                        "No client secret was given",
                        "Type it when asked, or give it on standard input.",
                    )
                });
            }
            Self::Stdin => text(io::stdin().lock()),
            Self::File(path) => std::fs::File::open(path).and_then(text),
        };
        let text = text.map_err(|error| match self {
            Self::Stdin => unreadable("standard input", &error),
            Self::File(path) => unreadable(&path.display().to_string(), &error),
        })?;
        Ok(ClientSecret::new(text.trim()))
    }
}

/// Whether there is a person at the terminal who can be asked.
pub(super) fn can_ask(context: &Context) -> bool {
    io::stdin().is_terminal() && !context.output.is_json()
}

/// Asks the person at the terminal, without showing what they type. None if they type nothing.
///
/// # Errors
/// When they press Ctrl-C or the terminal cannot be asked.
pub(super) async fn ask(name: &ProfileName) -> Result<Option<ClientSecret>, Failure> {
    let mut interrupt = Interrupt::listen()?;
    let prompt = format!("Client secret of {name} (not shown): ");
    let mut asking = tokio::task::spawn_blocking(|| rpassword::prompt_password(prompt));
    let asked = tokio::select! {
        biased;
        asked = &mut asking => asked,
        () = interrupt.asked() => {
            // Ctrl-C in the question is a signal first; the terminal has its echo back once the question ends.
            drop(tokio::time::timeout(ECHO_RETURNS, asking).await);
            return Err(Failure::cancelled());
        }
    };
    match asked.map_err(io::Error::other).flatten() {
        Ok(text) if text.trim().is_empty() => Ok(None),
        Ok(text) => Ok(Some(ClientSecret::new(text.trim()))),
        Err(error) if error.kind() == ErrorKind::Interrupted => Err(Failure::cancelled()),
        Err(error) => Err(unreadable("the terminal", &error)),
    }
}

fn text(from: impl Read) -> io::Result<String> {
    let mut text = String::new();
    from.take(LONGEST).read_to_string(&mut text)?;
    Ok(text)
}

fn unreadable(what: &str, error: &io::Error) -> Failure {
    Failure::new(
        Code::FileError,
        format!("Cannot read the client secret from {what}: {error}"),
    )
    .with_hint("Check that it is there, readable, and text.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_by_itself_is_refused_and_not_repeated() {
        assert_eq!(SecretSource::parse("-"), Ok(SecretSource::Stdin));
        let file = SecretSource::File(PathBuf::from("a/b"));
        assert_eq!(SecretSource::parse("@a/b"), Ok(file));
        for text in ["canary", "", "@", "-canary"] {
            let failure = SecretSource::parse(text).unwrap_err();
            assert_eq!(failure.code, "usage");
            assert!(!format!("{failure:?}").contains("canary"));
        }
    }
}

//! What can be typed.

use std::ffi::OsStr;
use std::sync::Arc;

use clap::error::ErrorKind;
use clap::{Args, Parser};
use doorkey_core::{DEMO, ProfileName};

use crate::commands::Command;
use crate::exit::{Exit, Failure};
use crate::output::Output;

/// Signs you in through your own browser and hands fresh tokens to other tools.
#[derive(Debug, Parser)]
#[command(name = "doorkey", version, arg_required_else_help = true, after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// Print one JSON object on standard output
    #[arg(long, global = true, display_order = 900)]
    json: bool,

    /// Tell each step on standard error; -vv also tells why it exists
    #[arg(short, long, global = true, display_order = 901, action = clap::ArgAction::Count)]
    pub(crate) verbose: u8,

    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The profile that a command works with.
#[derive(Debug, Args)]
pub(crate) struct ProfileOption {
    /// The profile to use
    #[arg(short, long, value_name = "NAME", default_value = DEMO)]
    pub(crate) profile: ProfileName,
}

const EXAMPLES: &str = "\
Examples:
  doorkey demo                      start a provider to try it with
  doorkey login                     sign in there, from another terminal
  doorkey api /api/me               call its API
  doorkey login --issuer https://login.example.com --client-id desktop
  curl -H \"Authorization: Bearer $(doorkey token -p login.example.com)\" ...

Exit codes: 0 done, 1 failed, 2 usage, 3 not signed in, 4 refused or cancelled,
5 provider, 6 network, 7 keychain, 8 the API answered 4xx or 5xx.";

/// Parses the command line.
///
/// # Errors
/// The exit code, after help, version or the usage error have been printed.
pub(crate) fn parse() -> Result<(Arc<Output>, Arguments), Exit> {
    match Arguments::try_parse() {
        Ok(arguments) => Ok((Output::new(arguments.json), arguments)),
        Err(error) => Err(refuse(&error)),
    }
}

fn refuse(error: &clap::Error) -> Exit {
    let asked_for = matches!(
        error.kind(),
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion
    );
    if asked_for || !wants_json() {
        // Where nobody listens, nobody is told.
        drop(error.print());
        return if asked_for { Exit::Done } else { Exit::Usage };
    }
    Output::new(true).finish(Err(usage(error)))
}

/// The parser's own words as message and hint.
fn usage(error: &clap::Error) -> Failure {
    if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        return Failure::usage("A command is missing", "See: doorkey --help");
    }
    let text = error.render().to_string();
    let mut paragraphs = text
        .split("\n\n")
        .map(|paragraph| paragraph.split_whitespace().collect::<Vec<_>>().join(" "));
    let message = paragraphs.next().unwrap_or_default();
    let hint = paragraphs
        .find(|paragraph| paragraph.starts_with("tip: ") || paragraph.starts_with("Usage: "));
    let hint = hint.map(|hint| hint.trim_start_matches("tip: ").to_owned());
    Failure::usage(
        message.trim_start_matches("error: "),
        hint.unwrap_or_else(|| "See: doorkey --help".to_owned()),
    )
}

/// Whether `--json` was typed, where the parser got no further.
fn wants_json() -> bool {
    std::env::args_os()
        .skip(1)
        .take_while(|argument| argument != OsStr::new("--"))
        .any(|argument| argument == OsStr::new("--json"))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_definition_is_sound() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn usage_errors_have_a_message_and_a_hint() {
        let error =
            Arguments::try_parse_from(["doorkey", "token", "--min-ttl", "soon"]).unwrap_err();
        let failure = usage(&error);
        assert_eq!((failure.exit, failure.code), (Exit::Usage, "usage"));
        assert!(
            failure
                .message
                .starts_with("invalid value 'soon' for '--min-ttl <SECS>'"),
            "{}",
            failure.message
        );
        let error = Arguments::try_parse_from(["doorkey", "tokn"]).unwrap_err();
        assert_eq!(usage(&error).hint, "a similar subcommand exists: 'token'");
    }
}

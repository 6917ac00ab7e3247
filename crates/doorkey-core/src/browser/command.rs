//! A browser that a person chose: a command, such as one that opens a private window.

use std::fmt;
use std::process::Command;
use std::str::FromStr;

use url::Url;

use super::program::is_there;
use super::start::{start, with_address};
use super::{Browser, host_variable, only_web_addresses};
use crate::error::{Code, Error, Result};

/// A command that opens an address: its words, with `%s` where the address goes, or else the address behind them.
///
/// Words with spaces stand in quotes. No shell is involved: the address is one argument, whatever is in it.
///
/// ```
/// # use doorkey_core::BrowserCommand;
/// let command = BrowserCommand::parse("firefox -P 'at work' --private-window %s")?;
/// let url = "https://login.example.com/?a=b&c".parse()?;
/// let expected = ["firefox", "-P", "at work", "--private-window", "https://login.example.com/?a=b&c"];
/// assert_eq!(command.arguments(&url), expected);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrowserCommand {
    text: String,
    words: Vec<String>,
}

/// Why a text is no command, and the fix.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct CommandFault {
    pub(crate) what: &'static str,
    pub(crate) fix: &'static str,
}

const FORM: &str = "Write the program and its arguments, such as: firefox --private-window %s. Words with spaces stand in quotes.";

impl BrowserCommand {
    /// Parses a command. On Unix and macOS quotes and backslashes are those of a shell; on Windows backslashes belong to
    /// paths, and only double quotes hold words together.
    ///
    /// # Errors
    /// [`Code::ProfileInvalid`] when there is no program in it, or a quote has no end.
    pub fn parse(text: &str) -> Result<Self> {
        Self::read(text).map_err(|fault| {
            Error::new(
                Code::ProfileInvalid,
                format!("The browser's command {text:?} {}", fault.what),
            )
            .with_hint(fault.fix)
        })
    }

    /// As [`BrowserCommand::parse`], with the fault by itself.
    pub(crate) fn read(text: &str) -> Result<Self, CommandFault> {
        let fault = |what| CommandFault { what, fix: FORM };
        let words = split(text).ok_or_else(|| fault("has a quote without an end"))?;
        match words.first() {
            Some(program) if !program.trim().is_empty() && !program.contains("%s") => {
                let trimmed = text.trim();
                // A space at the end belongs to the last word when a backslash stands before it.
                let is_same = split(trimmed).as_ref() == Some(&words);
                let text = if is_same { trimmed } else { text };
                Ok(Self {
                    text: text.to_owned(),
                    words,
                })
            }
            _ => Err(fault("names no program")),
        }
    }

    /// The command of these words; none if the first is no program.
    pub(crate) fn of_words(words: Vec<String>) -> Option<Self> {
        let text = words
            .iter()
            .map(|word| quoted(word))
            .collect::<Vec<_>>()
            .join(" ");
        Self::read(&text)
            .ok()
            .filter(|command| command.words == words)
    }

    /// The command as it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The program, as it is looked up in the system's path.
    pub fn program(&self) -> &str {
        self.words.first().map_or("", String::as_str)
    }

    /// Whether the program is there.
    pub(crate) fn is_there(&self) -> bool {
        let folders = host_variable("PATH").unwrap_or_default();
        is_there(self.program(), &folders)
    }

    /// Opens an address as [`Browser::open`] does, with a command that the caller makes for the program: for environments
    /// that have to be prepared. It gets its arguments and is let go here.
    ///
    /// # Errors
    /// As [`Browser::open`].
    pub fn open_as(&self, url: &Url, command: impl FnOnce(String) -> Command) -> Result<()> {
        only_web_addresses(url)?;
        start(self.arguments(url), command).map_err(|error| {
            Error::new(
                Code::BrowserUnavailable,
                format!("The browser {:?} could not be started", self.program()),
            )
            .with_source(error)
            .with_hint("Correct the browser's command, or use the system's default browser.")
        })
    }

    /// Program and arguments for an address, which is exactly one of them.
    pub fn arguments(&self, url: &Url) -> Vec<String> {
        with_address(&self.words, url.as_str())
    }
}

impl Browser for BrowserCommand {
    fn open(&self, url: &Url) -> Result<()> {
        self.open_as(url, Command::new)
    }
}

impl FromStr for BrowserCommand {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        Self::parse(text)
    }
}

impl fmt::Display for BrowserCommand {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

/// A word as it is written in a command: in quotes only where it needs them.
#[cfg(not(windows))]
fn quoted(word: &str) -> std::borrow::Cow<'_, str> {
    match split(word) {
        // A backslash at its end would take the space behind it along.
        Some(words) if words == [word] && !word.ends_with('\\') => word.into(),
        _ => shell_words::quote(word),
    }
}

/// A word as it is written in a command: in quotes only where it needs them.
#[cfg(windows)]
fn quoted(word: &str) -> std::borrow::Cow<'_, str> {
    match split(word) {
        Some(words) if words == [word] => word.into(),
        _ => format!("\"{word}\"").into(),
    }
}

#[cfg(not(windows))]
fn split(text: &str) -> Option<Vec<String>> {
    shell_words::split(text).ok()
}

#[cfg(windows)]
fn split(text: &str) -> Option<Vec<String>> {
    // The splitter takes a quote without an end for one that ends with the text.
    let quotes = text.matches('"').count() - text.matches("\\\"").count();
    (quotes % 2 == 0).then(|| winsplit::split(text.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ADDRESS: &str = "https://a.example/?a=b&c=$(d)'\"%20%73";

    fn arguments(command: &str) -> Vec<String> {
        let url = Url::parse(ADDRESS).expect("a URL");
        BrowserCommand::parse(command)
            .expect("a command")
            .arguments(&url)
    }

    #[test]
    fn a68_the_address_is_one_argument_whatever_is_in_it() {
        let address = Url::parse(ADDRESS).expect("a URL").to_string();
        let address = address.as_str();
        assert_eq!(arguments("firefox"), ["firefox", address]);
        assert_eq!(
            arguments("firefox --private-window %s --new"),
            ["firefox", "--private-window", address, "--new"]
        );
        assert_eq!(
            arguments("\"/opt/my browser/run\" --app=%s"),
            ["/opt/my browser/run".to_owned(), format!("--app={address}")]
        );
    }

    #[test]
    #[cfg(not(windows))]
    fn any_words_become_a_command_again() {
        for words in [
            &["/opt/a\\", "b/c"][..],
            &["/opt/my browser", "", "it's", "\"", "\\"],
            &["a", "-P", "at work\n"],
        ] {
            let words: Vec<_> = words.iter().map(|word| (*word).to_owned()).collect();
            let command = BrowserCommand::of_words(words.clone()).expect("a command");
            assert_eq!(command.words, words, "{command}");
        }
    }

    #[test]
    #[cfg(windows)]
    fn on_windows_backslashes_belong_to_paths() {
        assert_eq!(
            arguments(r#""C:\Program Files\Mozilla Firefox\firefox.exe" -P work"#)[0],
            r"C:\Program Files\Mozilla Firefox\firefox.exe"
        );
        assert_eq!(arguments(r"C:\firefox.exe")[0], r"C:\firefox.exe");
    }

    #[test]
    fn what_is_no_command_is_refused_with_the_way_to_write_it() {
        for (text, what) in [
            ("", "names no program"),
            ("  ", "names no program"),
            ("%s", "names no program"),
            ("\"\" x", "names no program"),
            ("firefox \"a", "has a quote without an end"),
        ] {
            let error = BrowserCommand::parse(text).expect_err("refused");
            assert_eq!(error.code(), Code::ProfileInvalid);
            assert!(error.message().ends_with(what), "{}", error.message());
            assert!(error.hint().contains("%s"));
        }
    }

    #[test]
    fn a_program_that_is_not_there_is_named() {
        let command = BrowserCommand::parse("doorkey-has-no-such-browser").expect("a command");
        let error = command
            .open(&Url::parse(ADDRESS).expect("a URL"))
            .expect_err("no program");
        assert_eq!(error.code(), Code::BrowserUnavailable);
        assert!(
            error.message().contains("doorkey-has-no-such-browser"),
            "{}",
            error.message()
        );
    }
}

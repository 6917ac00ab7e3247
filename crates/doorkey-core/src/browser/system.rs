//! The browser that the environment or the system names.

use std::process::Command;

use url::Url;

use super::program::is_there;
#[cfg(target_os = "linux")]
use super::start::let_go;
use super::start::{start, with_address};
use super::{Browser, host_variable, only_web_addresses};
use crate::error::{Code, Error, Result};

/// The browser named by `BROWSER`, or else the system's default one.
///
/// `BROWSER` is a list of commands, separated by colons, and by semicolons on Windows; the first that can be started is used. `%s` in
/// a command stands for the address, which is otherwise its last argument. No shell is involved.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemBrowser;

impl Browser for SystemBrowser {
    fn open(&self, url: &Url) -> Result<()> {
        only_web_addresses(url)?;
        let named = std::env::var("BROWSER").unwrap_or_default();
        if commands(&named, url.as_str())
            .into_iter()
            .any(|words| start(words, Command::new).is_ok())
        {
            return Ok(());
        }
        open_default(url).map_err(|error| {
            Error::new(Code::BrowserUnavailable, "No browser could be started").with_source(error)
        })
    }
}

/// The first launcher that the desktop has, with the environment of the system.
#[cfg(target_os = "linux")]
fn open_default(url: &Url) -> std::io::Result<()> {
    let mut failed = std::io::Error::from(std::io::ErrorKind::NotFound);
    for launcher in open::commands(url.as_str()) {
        match let_go(launcher) {
            Ok(()) => return Ok(()),
            Err(error) => failed = error,
        }
    }
    Err(failed)
}

#[cfg(not(target_os = "linux"))]
fn open_default(url: &Url) -> std::io::Result<()> {
    open::that_detached(url.as_str())
}

/// The first program of the `BROWSER` list that is there, or else the first of them; none if nothing is named.
pub(crate) fn named_program() -> Option<(String, bool)> {
    let named = std::env::var("BROWSER").unwrap_or_default();
    let folders = host_variable("PATH").unwrap_or_default();
    let mut programs: Vec<(String, bool)> = commands(&named, "")
        .into_iter()
        .filter_map(|words| words.into_iter().next())
        .map(|program| {
            let is_there = is_there(&program, &folders);
            (program, is_there)
        })
        .collect();
    // A stable sort: those that are there come first, in their order.
    programs.sort_by_key(|(_, is_there)| !is_there);
    programs.into_iter().next()
}

/// What stands between the commands of a `BROWSER` list: a colon belongs to a path on Windows.
const SEPARATOR: char = if cfg!(windows) { ';' } else { ':' };

/// The commands of a `BROWSER` list, each with the address as exactly one argument.
fn commands(list: &str, url: &str) -> Vec<Vec<String>> {
    list.split(SEPARATOR)
        .map(|command| {
            command
                .split_whitespace()
                .map(str::to_owned)
                .collect::<Vec<String>>()
        })
        .filter(|words| !words.is_empty())
        .map(|words| with_address(&words, url))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a68_the_address_is_one_argument_whatever_is_in_it() {
        let url = "https://a.example/?a=b&c=$(d)'\"%20";
        assert_eq!(
            commands(
                &format!("firefox --private-window %s{SEPARATOR}chromium"),
                url
            ),
            [
                vec!["firefox", "--private-window", url],
                vec!["chromium", url],
            ]
        );
        assert_eq!(
            commands(&format!(" {SEPARATOR} "), url),
            Vec::<Vec<String>>::new()
        );
    }
}

//! The browser of the person: handed in, so that a whole sign-in runs in a test without one.

use std::process::{Command, Stdio};

use url::Url;

use crate::error::{Code, Error, Result};

/// Opens an address in a browser.
pub trait Browser: Send + Sync {
    /// Opens it and returns at once. That nothing failed does not mean that a page is there.
    ///
    /// # Errors
    /// [`Code::BrowserUnavailable`] when no browser could be started.
    fn open(&self, url: &Url) -> Result<()>;
}

impl<F: Fn(&Url) -> Result<()> + Send + Sync> Browser for F {
    fn open(&self, url: &Url) -> Result<()> {
        self(url)
    }
}

/// The browser named by `BROWSER`, or else the system's default one.
///
/// `BROWSER` is a list of commands, separated by colons; the first that can be started is used. `%s` in
/// a command stands for the address, which is otherwise its last argument. No shell is involved.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemBrowser;

impl Browser for SystemBrowser {
    fn open(&self, url: &Url) -> Result<()> {
        if !matches!(url.scheme(), "https" | "http") || url.host_str().is_none() {
            return Err(Error::new(
                Code::BrowserUnavailable,
                "Only web addresses are opened",
            ));
        }
        let named = std::env::var("BROWSER").unwrap_or_default();
        if commands(&named, url.as_str())
            .into_iter()
            .any(|command| start(command).is_ok())
        {
            return Ok(());
        }
        open::that_detached(url.as_str()).map_err(|error| {
            Error::new(Code::BrowserUnavailable, "No browser could be started").with_source(error)
        })
    }
}

/// The commands of a `BROWSER` list, each with the address as exactly one argument.
fn commands(list: &str, url: &str) -> Vec<Vec<String>> {
    // A colon before a backslash belongs to a Windows path; a list of those is separated by semicolons.
    let separator = if cfg!(windows) { ';' } else { ':' };
    list.split(separator)
        .map(|command| {
            command
                .split_whitespace()
                .map(str::to_owned)
                .collect::<Vec<String>>()
        })
        .filter(|words| !words.is_empty())
        .map(|mut words| {
            if words.iter().skip(1).any(|word| word.contains("%s")) {
                for word in words.iter_mut().skip(1) {
                    *word = word.replace("%s", url);
                }
            } else {
                words.push(url.to_owned());
            }
            words
        })
        .collect()
}

fn start(words: Vec<String>) -> std::io::Result<()> {
    let mut words = words.into_iter();
    let program = words.next().unwrap_or_default();
    let mut command = Command::new(program);
    command
        .args(words)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    #[cfg(unix)]
    // Ctrl-C in the terminal ends the sign-in, not the browser.
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    let mut child = command.spawn()?;
    // Somebody must take note of its end, or it stays as a zombie.
    std::thread::Builder::new()
        .name("browser".to_owned())
        .spawn(move || drop(child.wait()))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a68_the_address_is_one_argument_whatever_is_in_it() {
        let url = "https://a.example/?a=b&c=$(d)'\"%20";
        assert_eq!(
            commands("firefox --private-window %s:chromium", url),
            [
                vec!["firefox", "--private-window", url],
                vec!["chromium", url],
            ]
        );
        assert_eq!(commands(" : ", url), Vec::<Vec<String>>::new());
    }

    #[test]
    fn a67_only_web_addresses_are_opened() {
        for address in [
            "file:///etc/passwd",
            "javascript:alert(1)",
            "smb://host/share",
            "data:text/html,x",
        ] {
            let error = SystemBrowser
                .open(&Url::parse(address).expect("a URL"))
                .expect_err("refused");
            assert_eq!(error.code(), Code::BrowserUnavailable);
        }
    }
}

//! The browser of the person: handed in, so that a whole sign-in runs in a test without one.

mod command;
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) mod fuzzing;
mod host_environment;
mod installed;
mod program;
mod start;
mod system;

use url::Url;

pub use command::BrowserCommand;
pub use host_environment::host_command;
pub(crate) use host_environment::host_variable;
pub use installed::{InstalledBrowser, installed_browsers};
pub use system::SystemBrowser;
pub(crate) use system::named_program;

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

/// Whatever else the system could open is not for a browser: files, scripts, shares.
fn only_web_addresses(url: &Url) -> Result<()> {
    if matches!(url.scheme(), "https" | "http") && url.host_str().is_some() {
        return Ok(());
    }
    Err(Error::new(
        Code::BrowserUnavailable,
        "Only web addresses are opened",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a67_only_web_addresses_are_opened() {
        let command = BrowserCommand::parse("true").expect("a command");
        let browsers: [&dyn Browser; 2] = [&SystemBrowser, &command];
        for address in [
            "file:///etc/passwd",
            "javascript:alert(1)",
            "smb://host/share",
            "data:text/html,x",
        ] {
            let url = Url::parse(address).expect("a URL");
            for browser in browsers {
                let error = browser.open(&url).expect_err("refused");
                assert_eq!(error.code(), Code::BrowserUnavailable);
            }
        }
    }
}

//! The browsers that are installed here: each system keeps a list of its own kind.

#[cfg(all(unix, not(target_os = "macos")))]
#[path = "linux.rs"]
mod imp;
#[cfg(target_os = "macos")]
#[path = "macos.rs"]
mod imp;
#[cfg(windows)]
#[path = "windows.rs"]
mod imp;

#[cfg(all(any(test, feature = "fuzzing"), unix, not(target_os = "macos")))]
pub(crate) mod fuzzing;

use super::BrowserCommand;

/// A browser that is installed on this computer.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct InstalledBrowser {
    /// Its name as the system shows it.
    pub name: String,
    /// The command that opens an address in it.
    pub command: BrowserCommand,
    /// Whether it is known to be the system's default browser. There may be none of which this is known.
    pub is_default: bool,
}

/// The browsers that are installed here, sorted by name. Reads files or the registry, and starts nothing.
///
/// On Linux they are the desktop entries that take `https:` addresses, on Windows those under `StartMenuInternet`, on macOS
/// the applications that Doorkey knows by name.
pub fn installed_browsers() -> Vec<InstalledBrowser> {
    let mut browsers = imp::installed();
    browsers.sort_by_key(|browser| browser.name.to_lowercase());
    browsers
}

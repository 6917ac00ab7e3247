//! Which way a sign-in takes, and why not the usual one.

use std::ffi::OsString;

use doorkey_core::{Doorkey, Profile};

use crate::browser;

/// The ways there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// The link is printed and a browser opened.
    Browser,
    /// The link is printed, as was asked for.
    Link,
    /// The person types a code into a browser anywhere.
    Device,
    /// The link is printed, and the address that the browser landed on is pasted.
    Paste,
}

impl Way {
    /// Chooses where nothing was typed: a browser if there is one, else a code if the provider has that, else what is left. Also
    /// says why it is not the browser.
    pub(super) async fn choose(
        doorkey: &Doorkey,
        profile: &Profile,
    ) -> (Self, Option<&'static str>) {
        let is_named = profile.browser().is_some();
        let Some(reason) = no_browser(is_named, |name| std::env::var_os(name)) else {
            return (Self::Browser, None);
        };
        // What is wrong with the provider is told by the sign-in itself.
        let way = if doorkey.offers_device(profile).await.unwrap_or(false) {
            Self::Device
        } else {
            Self::Paste
        };
        (way, Some(reason))
    }
}

/// Why no browser can be opened here that the person would see. One that is named can always be.
fn no_browser(is_named: bool, variable: impl Fn(&str) -> Option<OsString>) -> Option<&'static str> {
    let is_set = |name| variable(name).is_some_and(|value| !value.is_empty());
    if is_named || is_set("BROWSER") {
        None
    } else if is_set("SSH_CONNECTION") {
        Some("this is a remote session (SSH_CONNECTION)")
    } else if browser::needs_display() && !is_set("DISPLAY") && !is_set("WAYLAND_DISPLAY") {
        Some("there is no display (DISPLAY, WAYLAND_DISPLAY)")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reason(is_named: bool, set: &[(&str, &str)]) -> Option<&'static str> {
        no_browser(is_named, |name| {
            let found = set.iter().find(|(other, _)| *other == name);
            found.map(|(_, value)| OsString::from(value))
        })
    }

    #[test]
    fn a_browser_that_is_named_is_there() {
        let remote = ("SSH_CONNECTION", "192.0.2.1 5 192.0.2.2 22");
        assert_eq!(reason(true, &[remote]), None);
        assert_eq!(reason(false, &[("BROWSER", "firefox"), remote]), None);
        assert_eq!(reason(false, &[("BROWSER", "firefox")]), None);
    }

    #[test]
    fn over_ssh_nobody_sees_a_browser() {
        let set = [
            ("SSH_CONNECTION", "a b c d"),
            ("DISPLAY", ":0"),
            ("BROWSER", ""),
        ];
        assert!(reason(false, &set).is_some_and(|reason| reason.contains("remote")));
    }

    #[cfg(all(unix, not(target_os = "macos")))]
    #[test]
    fn without_a_display_there_is_none() {
        let set = [("DISPLAY", ""), ("WAYLAND_DISPLAY", "")];
        assert!(reason(false, &set).is_some_and(|reason| reason.contains("no display")));
        assert!(reason(false, &[]).is_some());
        assert_eq!(reason(false, &[("DISPLAY", ":0")]), None);
        assert_eq!(reason(false, &[("WAYLAND_DISPLAY", "wayland-0")]), None);
    }
}

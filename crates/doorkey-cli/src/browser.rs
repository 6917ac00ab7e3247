//! Which browser a command opens.

use doorkey_core::{Browser, Profile, SystemBrowser};

/// The profile's browser, or else the one that `BROWSER` or the system names. What is said of one profile goes before what
/// is said of all.
pub(crate) fn of(profile: &Profile) -> &dyn Browser {
    match profile.browser() {
        Some(command) => command,
        None => &SystemBrowser,
    }
}

/// Whether a browser of this system needs a display that variables name.
pub(crate) fn needs_display() -> bool {
    cfg!(all(unix, not(target_os = "macos")))
}

/// The same, if one may be around: on Unix without a display there is one only if it is named.
pub(crate) fn if_any(profile: &Profile) -> Option<&dyn Browser> {
    let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let may_be = !needs_display()
        || profile.browser().is_some()
        || ["BROWSER", "DISPLAY", "WAYLAND_DISPLAY"]
            .into_iter()
            .any(is_set);
    may_be.then(|| of(profile))
}

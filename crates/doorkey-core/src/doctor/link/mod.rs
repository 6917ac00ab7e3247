//! Whether links with the scheme of the profile's redirect URI come to Doorkey, as the system tells it.

#[cfg(all(unix, not(target_os = "macos")))]
#[path = "linux.rs"]
mod imp;
#[cfg(target_os = "macos")]
#[path = "macos.rs"]
mod imp;
#[cfg(windows)]
#[path = "windows.rs"]
mod imp;

use super::{Check, CheckOutcome, Topic};
use crate::engine::Engine;
use crate::profile::Profile;

/// Who opens links.
#[derive(Debug, PartialEq, Eq)]
enum Receiver {
    /// This program, or the app beside it.
    Doorkey,
    /// Another program, by its name.
    Other(String),
    Nobody,
    /// The system does not say, for this reason.
    Unknown(&'static str),
}

/// Asks the system, for a profile whose answers come as links.
pub(super) async fn check(engine: &Engine, profile: &Profile) -> Option<Check> {
    let scheme = profile.redirect_uri().scheme()?.to_owned();
    let asked = scheme.clone();
    // Looking it up starts a program, or reads what the system has on disk.
    let receiver = tokio::task::spawn_blocking(move || imp::receiver(&asked)).await;
    let receiver = receiver.unwrap_or(Receiver::Unknown("it was not asked to the end"));
    Some(told(&receiver, &scheme, engine.links().is_some()))
}

fn told(receiver: &Receiver, scheme: &str, is_app: bool) -> Check {
    const LOOPBACK: &str = "Or use a loopback redirect URI, such as http://127.0.0.1/callback.";
    match receiver {
        Receiver::Doorkey => {
            let seen = format!("Links that begin with `{scheme}:` come to Doorkey");
            let remedy = if is_app {
                ""
            } else {
                "Sign in with the app: the command line receives no links."
            };
            Topic::LINK.is(CheckOutcome::Ok, seen, remedy)
        }
        Receiver::Other(program) => Topic::LINK.broken(
            format!("Links that begin with `{scheme}:` go to {program}"),
            format!("Choose Doorkey for them in the system's settings. {LOOPBACK}"),
        ),
        Receiver::Nobody => Topic::LINK.broken(
            format!("No program opens links that begin with `{scheme}:`"),
            format!("Start the Doorkey app and sign in there; it registers itself. {LOOPBACK}"),
        ),
        Receiver::Unknown(why) => Topic::LINK.warning(
            format!("Who opens links that begin with `{scheme}:` is not known: {why}"),
            format!("A sign-in in the app shows it. {LOOPBACK}"),
        ),
    }
}

/// Whether a program is Doorkey's app, or the one that asks.
#[cfg(any(test, not(target_os = "macos")))]
fn is_ours(program: &str) -> bool {
    use std::path::Path;

    let stem = Path::new(program)
        .file_stem()
        .and_then(|stem| stem.to_str());
    let own = std::env::current_exe().ok();
    let own = own
        .as_deref()
        .and_then(Path::file_stem)
        .and_then(|stem| stem.to_str());
    stem.is_some_and(|stem| stem.eq_ignore_ascii_case(APP) || own == Some(stem))
}

#[cfg(any(test, not(target_os = "macos")))]
const APP: &str = "doorkey-desktop";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_opens_links_decides() {
        for (receiver, is_app, outcome, says) in [
            (Receiver::Doorkey, true, CheckOutcome::Ok, "come to Doorkey"),
            (
                Receiver::Doorkey,
                false,
                CheckOutcome::Ok,
                "come to Doorkey",
            ),
            (
                Receiver::Other("Mail".to_owned()),
                true,
                CheckOutcome::Failed,
                "go to Mail",
            ),
            (Receiver::Nobody, true, CheckOutcome::Failed, "No program"),
            (
                Receiver::Unknown("xdg-mime is not installed"),
                true,
                CheckOutcome::Warning,
                "xdg-mime",
            ),
        ] {
            let check = told(&receiver, "dev.doorkey.app", is_app);
            assert_eq!(check.outcome, outcome);
            assert!(check.seen.contains(says), "{check:?}");
            let has_remedy = receiver != Receiver::Doorkey || !is_app;
            assert_eq!(!check.remedy.is_empty(), has_remedy, "{check:?}");
        }
    }

    #[test]
    fn the_app_is_known_by_its_file() {
        assert!(is_ours("/usr/bin/doorkey-desktop"));
        assert!(is_ours("/opt/Doorkey/Doorkey-Desktop.AppImage"));
        assert!(!is_ours("/usr/bin/doorkey-desktop-helper"));
        assert!(!is_ours("/usr/bin/thunderbird"));
    }
}

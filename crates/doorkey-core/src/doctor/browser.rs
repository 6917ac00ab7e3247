//! The browser that a sign-in would open.

use super::{Check, Topic};
use crate::browser::{BrowserCommand, InstalledBrowser, installed_browsers, named_program};
use crate::profile::Profile;

/// The profile's browser, the one chosen for all, `BROWSER`, or the system's default.
pub(super) async fn check(profile: &Profile, chosen: Option<&BrowserCommand>) -> Check {
    if let Some(command) = profile.browser().or(chosen) {
        return named(command);
    }
    match named_program() {
        Some((program, true)) => return Topic::BROWSER.ok(format!("BROWSER names {program:?}")),
        Some((program, false)) => {
            return Topic::BROWSER.warning(
                format!("BROWSER names {program:?}, which is not there"),
                "Correct BROWSER; until then the system's default browser opens, if there is one.",
            );
        }
        None => {}
    }
    // Reading the system's lists takes a while on a slow disk.
    let installed = tokio::task::spawn_blocking(installed_browsers).await;
    default(&installed.unwrap_or_default())
}

fn named(command: &BrowserCommand) -> Check {
    if command.is_there() {
        return Topic::BROWSER.ok(format!("Sign-ins open with: {command}"));
    }
    Topic::BROWSER.broken(
        format!("There is no program {:?}", command.program()),
        "Correct the browser's command, or use the system's default browser.",
    )
}

fn default(installed: &[InstalledBrowser]) -> Check {
    match installed.iter().find(|browser| browser.is_default) {
        Some(browser) => Topic::BROWSER.ok(format!(
            "{} is the system's default browser",
            browser.name
        )),
        None if !installed.is_empty() => {
            Topic::BROWSER.ok("Sign-ins open in the system's default browser")
        }
        None => Topic::BROWSER.warning(
            "No browser was found",
            "Install one, name one with BROWSER, or open the link of a sign-in on this computer by hand.",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::CheckOutcome;

    fn profile(lines: &str) -> Profile {
        let text = format!("issuer = \"https://a.example\"\nclient_id = \"b\"\n{lines}");
        Profile::parse(&"work".parse().expect("a name"), &text).expect("a profile")
    }

    #[tokio::test]
    async fn the_profiles_browser_goes_before_the_chosen_one_and_must_be_there() {
        let chosen = BrowserCommand::parse("doorkey-has-no-such-browser").expect("a command");
        let missing = check(&profile(""), Some(&chosen)).await;
        assert_eq!(missing.outcome, CheckOutcome::Failed);
        let here = std::env::current_exe().expect("this program");
        let lines = format!("browser = '\"{}\" %s'", here.display());
        let found = check(&profile(&lines), Some(&chosen)).await;
        assert_eq!(found.outcome, CheckOutcome::Ok, "{found:?}");
    }

    #[test]
    fn without_any_browser_the_link_is_left() {
        assert_eq!(default(&[]).outcome, CheckOutcome::Warning);
    }
}

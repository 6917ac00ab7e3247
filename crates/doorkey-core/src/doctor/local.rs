//! What there is on this computer.

use super::{Check, CheckOutcome, Topic};
use crate::browser::{BrowserCommand, InstalledBrowser, installed_browsers, named_program};
use crate::engine::Engine;
use crate::profile::{Profile, RedirectUri};
use crate::receiver::Channel;
use crate::trace::Flow;

/// Whether the answer of a sign-in could come in. A link comes over no port.
pub(super) fn port(engine: &Engine, profile: &Profile) -> Option<Check> {
    let RedirectUri::Loopback(uri) = profile.redirect_uri() else {
        return None;
    };
    // Opened as a sign-in does it, and given back at once.
    let trace = engine.trace(Flow::SignIn).silent();
    Some(match Channel::open(profile, None, &trace) {
        Err(error) => Topic::PORT.failed(&error),
        Ok(_) => Topic::PORT.ok(match uri.ports() {
            [] => "Any free port will do, and there is one".to_owned(),
            [port] => format!("Port {port} is free"),
            ports => format!("One of the {} ports is free", ports.len()),
        }),
    })
}

/// What must be registered at the provider. Only a sign-in shows whether it is.
pub(super) fn redirect_uri(profile: &Profile) -> Check {
    let uri = profile.redirect_uri();
    let (seen, registered) = match uri {
        RedirectUri::Loopback(loopback) if loopback.ports().is_empty() => (
            format!("The browser comes back to {uri}, on a port that differs each time"),
            vec![uri.to_string()],
        ),
        RedirectUri::Loopback(loopback) => (
            format!("The browser comes back to {uri}"),
            loopback
                .ports()
                .iter()
                .map(|port| loopback.with_port(*port))
                .collect(),
        ),
        RedirectUri::PrivateUse(_) => (
            format!("The browser comes back by the link {uri}"),
            vec![uri.to_string()],
        ),
    };
    let remedy = format!(
        "Register exactly this at the provider, for a native or desktop application: {}",
        registered.join(" ")
    );
    Topic::REDIRECT_URI.is(CheckOutcome::Ok, seen, remedy)
}

pub(super) async fn keychain(engine: &Engine) -> Check {
    let Some(vault) = engine.vault() else {
        return Topic::KEYCHAIN.warning(
            "Sessions are kept in memory only",
            "They end with the program.",
        );
    };
    let state = vault.state().await;
    match (state.problem(), state.name()) {
        (Some(error), _) => Topic::KEYCHAIN.failed(&error),
        (None, Some(name)) => Topic::KEYCHAIN.ok(format!("{name} is open")),
        (None, None) => Topic::KEYCHAIN.ok("The keychain is open"),
    }
}

/// The browser that a sign-in would open: the profile's, the one chosen for all, `BROWSER`, or the system's default.
pub(super) async fn browser(profile: &Profile, chosen: Option<&BrowserCommand>) -> Check {
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
    Topic::BROWSER.is(
        CheckOutcome::Failed,
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

    fn profile(lines: &str) -> Profile {
        let text = format!("issuer = \"https://a.example\"\nclient_id = \"b\"\n{lines}");
        Profile::parse(&"work".parse().expect("a name"), &text).expect("a profile")
    }

    #[test]
    fn what_to_register_is_told_byte_for_byte() {
        for (lines, registered) in [
            ("", "http://127.0.0.1/callback"),
            (
                "redirect_uri = \"http://localhost:53593/cb\"\nredirect_ports = [8400]",
                "http://localhost:53593/cb http://localhost:8400/cb",
            ),
            (
                "redirect_uri = \"dev.doorkey.app:/callback\"",
                "dev.doorkey.app:/callback",
            ),
        ] {
            let check = redirect_uri(&profile(lines));
            assert!(
                check.remedy.ends_with(&format!(": {registered}")),
                "{check:?}"
            );
        }
    }

    #[tokio::test]
    async fn the_profiles_browser_goes_before_the_chosen_one_and_must_be_there() {
        let chosen = BrowserCommand::parse("doorkey-has-no-such-browser").expect("a command");
        let missing = browser(&profile(""), Some(&chosen)).await;
        assert_eq!(missing.outcome, CheckOutcome::Failed);
        let here = std::env::current_exe().expect("this program");
        let lines = format!("browser = '\"{}\" %s'", here.display());
        let found = browser(&profile(&lines), Some(&chosen)).await;
        assert_eq!(found.outcome, CheckOutcome::Ok, "{found:?}");
    }

    #[test]
    fn without_any_browser_the_link_is_left() {
        assert_eq!(default(&[]).outcome, CheckOutcome::Warning);
    }
}

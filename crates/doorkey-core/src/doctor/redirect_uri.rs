//! What must be registered at the provider, and whether it refuses it.

use super::authorization::{Refusal, Verdict};
use super::{Check, CheckOutcome, Topic};
use crate::profile::{Profile, RedirectUri};

pub(super) fn check(profile: &Profile, verdict: &Verdict) -> Check {
    let uri = profile.redirect_uri();
    let comes_back = match uri {
        RedirectUri::Loopback(loopback) if loopback.ports().is_empty() => {
            format!("The browser comes back to {uri}, on a port that differs each time")
        }
        RedirectUri::Loopback(_) => format!("The browser comes back to {uri}"),
        RedirectUri::PrivateUse(_) => format!("The browser comes back by the link {uri}"),
    };
    let registered = uri.to_register().join(" ");
    let register = format!(
        "Register exactly this at the provider, for a native or desktop application: {registered}"
    );
    match verdict {
        Verdict::CameBack | Verdict::CameBackWith { .. } | Verdict::StateLost => {
            let seen = format!("{comes_back}; the provider knows that");
            if uri.to_register().len() < 2 {
                return Topic::REDIRECT_URI.ok(seen);
            }
            // Only the one with the first free port was tried.
            Topic::REDIRECT_URI.is(
                CheckOutcome::Ok,
                seen,
                format!("All of these must be registered at the provider: {registered}"),
            )
        }
        Verdict::SignInPage => Topic::REDIRECT_URI.is(
            CheckOutcome::Ok,
            format!("{comes_back}; the provider did not refuse that before the sign-in"),
            register,
        ),
        Verdict::Refused(Refusal::RedirectUri) => Topic::REDIRECT_URI.broken(
            format!("The provider refuses the redirect URI {uri}"),
            register,
        ),
        Verdict::Refused(Refusal::Client) => Topic::REDIRECT_URI.broken(
            format!(
                "The provider does not know this client id, or not with the redirect URI {uri}"
            ),
            format!("Compare the client id with the provider's registration. {register}"),
        ),
        Verdict::Unasked
        | Verdict::Silent(_)
        | Verdict::Refused(Refusal::Scope)
        | Verdict::Unexplained(_) => Topic::REDIRECT_URI.is(CheckOutcome::Ok, comes_back, register),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile(lines: &str) -> Profile {
        let text = format!("issuer = \"https://a.example\"\nclient_id = \"b\"\n{lines}");
        Profile::parse(&"work".parse().expect("a name"), &text).expect("a profile")
    }

    const PORTS: &str = "redirect_uri = \"http://localhost:53593/cb\"\nredirect_ports = [8400]";

    #[test]
    fn what_to_register_is_told_byte_for_byte() {
        for (lines, registered) in [
            ("", "http://127.0.0.1/callback"),
            (PORTS, "http://localhost:53593/cb http://localhost:8400/cb"),
            (
                "redirect_uri = \"dev.doorkey.app:/callback\"",
                "dev.doorkey.app:/callback",
            ),
        ] {
            for verdict in [
                Verdict::Unasked,
                Verdict::SignInPage,
                Verdict::Refused(Refusal::RedirectUri),
                Verdict::Refused(Refusal::Client),
            ] {
                let check = check(&profile(lines), &verdict);
                assert!(
                    check.remedy.ends_with(&format!(": {registered}")),
                    "{check:?}"
                );
            }
        }
    }

    #[test]
    fn more_is_not_said_than_is_known() {
        let told = |lines: &str, verdict| {
            let check = check(&profile(lines), &verdict);
            (check.outcome, check.remedy.is_empty())
        };
        assert_eq!(told("", Verdict::CameBack), (CheckOutcome::Ok, true));
        assert_eq!(told(PORTS, Verdict::CameBack), (CheckOutcome::Ok, false));
        assert_eq!(told("", Verdict::SignInPage), (CheckOutcome::Ok, false));
        let refused = Verdict::Refused(Refusal::RedirectUri);
        assert_eq!(told("", refused), (CheckOutcome::Failed, false));
    }
}

//! The check of a set-up, with the client that the profile is by now.

use super::Doorkey;
use crate::browser::BrowserCommand;
use crate::doctor::{self, Check, CheckOutcome};
use crate::error::Error;
use crate::profile::Profile;
use crate::provider;
use crate::trace::Flow;

/// What nobody can look at without knowing which client it is about.
const ABOUT_THE_CLIENT: [&str; 4] = ["port", "link", "authorization", "redirect_uri"];

impl Doorkey {
    /// Checks whether a sign-in with this profile would work, without signing in: provider, clock, port, keychain, browser. `chosen`
    /// is the browser that the person chose for all profiles, if the program lets them. Each check has a deadline; one that
    /// fails stops only those that depend on it.
    pub async fn check(&self, profile: &Profile, chosen: Option<&BrowserCommand>) -> Vec<Check> {
        let Some(url) = profile.client_settings() else {
            return doctor::check(&self.engine, profile, chosen).await;
        };
        let http = self.engine.http(profile);
        let trace = self.engine.trace(Flow::SignIn).silent();
        let (settings, mut checks) = match provider::settled(profile, &http, &trace).await {
            Ok(settled) => {
                let seen = format!("{url} names the client {:?}.", settled.client_id());
                let line = line(CheckOutcome::Ok, seen, String::new());
                (line, doctor::check(&self.engine, &settled, chosen).await)
            }
            Err(error) => {
                let mut checks = doctor::check(&self.engine, profile, chosen).await;
                checks.retain(|check| !ABOUT_THE_CLIENT.contains(&check.id));
                (failed(&error), checks)
            }
        };
        checks.insert(0, settings);
        checks
    }
}

fn failed(error: &Error) -> Check {
    let seen = format!("{}.", error.message().trim_end_matches('.'));
    line(CheckOutcome::Failed, seen, error.hint().to_owned())
}

fn line(outcome: CheckOutcome, seen: String, remedy: String) -> Check {
    Check {
        id: "client_settings",
        title: "Client settings",
        outcome,
        seen,
        remedy,
    }
}

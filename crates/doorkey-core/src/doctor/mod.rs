//! Checks a set-up from end to end without signing in: each line says what was seen and what to do about it.
//!
//! The lines come in the order in which a sign-in needs what they are about.

mod authorization;
mod browser;
mod client_secret;
mod client_settings;
mod clock;
mod interception;
mod keychain;
mod keys;
mod link;
mod locks;
mod metadata;
mod network;
mod port;
mod provider;
mod redirect_uri;
#[cfg(test)]
mod tests;
mod topic;

#[cfg(any(test, feature = "fuzzing"))]
pub(crate) use authorization::fuzzing;

use crate::browser::BrowserCommand;
use crate::engine::Doorkey;
use crate::profile::Profile;
use topic::{Topic, within};

/// One line of what was found.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Check {
    /// What was looked at, for programs, such as `keychain`. Stable.
    pub id: &'static str,
    /// What was looked at, in a few words.
    pub title: &'static str,
    /// How it is.
    pub outcome: CheckOutcome,
    /// What was seen, as a sentence.
    pub seen: String,
    /// What to do, as one or more sentences; empty if there is nothing to do.
    pub remedy: String,
}

/// How something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CheckOutcome {
    /// As it should be.
    Ok,
    /// It may work, and something about it is not as it should be.
    Warning,
    /// It does not work.
    Failed,
}

impl CheckOutcome {
    /// The outcome as programs see it: `ok`, `warning` or `failed`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warning => "warning",
            Self::Failed => "failed",
        }
    }
}

impl Doorkey {
    /// Checks whether a sign-in with this profile would work, without signing in: the way to the provider and what it says, port,
    /// browser, redirect URI, clock, keychain, locks. `chosen` is the browser that the person chose for all profiles, if the
    /// program lets them. Each check has a deadline; one that fails stops only those that depend on it.
    ///
    /// The provider is sent one authorization request that nobody answers.
    pub async fn check(&self, profile: &Profile, chosen: Option<&BrowserCommand>) -> Vec<Check> {
        let engine = self.engine();
        let (settings, client) = client_settings::check(engine, profile).await;
        let is_client_known = client.is_some();
        let profile = client.as_deref().unwrap_or(profile);
        let (asked, certificates, link, browser, client_secret, clock, keychain) = tokio::join!(
            provider::checks(engine, profile, is_client_known),
            within(Topic::CERTIFICATES, network::certificates(profile)),
            within(Topic::LINK, link::check(engine, profile)),
            within(Topic::BROWSER, browser::check(profile, chosen)),
            within(Topic::CLIENT_SECRET, client_secret::check(engine, profile)),
            clock::check(engine, profile),
            within(Topic::KEYCHAIN, keychain::check(engine)),
        );
        let mut checks = Vec::new();
        checks.extend(network::proxy(profile));
        checks.extend(certificates);
        checks.extend(settings);
        checks.extend(asked.metadata);
        // Where the answer is to come is the client's to say.
        if is_client_known {
            checks.extend(port::check(engine, profile));
            checks.extend(link);
        }
        checks.push(browser);
        checks.extend(asked.authorization);
        if is_client_known {
            checks.push(asked.redirect_uri);
        }
        checks.extend(client_secret);
        checks.extend(asked.keys);
        checks.extend(match clock {
            Ok(clock) => Some(clock),
            Err(_) if asked.is_reached => {
                Some(clock::unknown("The provider's time could not be asked for"))
            }
            Err(_) => None,
        });
        checks.push(keychain);
        checks.extend(locks::check(engine, profile));
        checks
    }
}

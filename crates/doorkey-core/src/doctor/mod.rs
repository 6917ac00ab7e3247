//! Checks a set-up from end to end without signing in: each line says what was seen and what to do about it.

mod local;
mod provider;
#[cfg(test)]
mod tests;

use std::time::Duration;

use crate::browser::BrowserCommand;
use crate::engine::Engine;
use crate::error::Error;
use crate::profile::Profile;

/// The longest that a check may take; requests and the keychain have deadlines of their own, which are shorter.
const DEADLINE: Duration = Duration::from_secs(15);

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

/// Makes every check that this profile can have; what depends on one that failed is left out.
pub(crate) async fn check(
    engine: &Engine,
    profile: &Profile,
    chosen: Option<&BrowserCommand>,
) -> Vec<Check> {
    let (asked, clock, keychain, browser) = tokio::join!(
        provider::checks(engine, profile),
        within(Topic::CLOCK, provider::clock(engine, profile)),
        within(Topic::KEYCHAIN, local::keychain(engine)),
        within(Topic::BROWSER, local::browser(profile, chosen)),
    );
    let mut checks = asked;
    checks.push(clock);
    checks.extend(local::port(engine, profile));
    checks.push(local::redirect_uri(profile));
    checks.push(keychain);
    checks.push(browser);
    checks
}

/// What a check is about.
#[derive(Clone, Copy)]
struct Topic {
    id: &'static str,
    title: &'static str,
}

impl Topic {
    const PROVIDER: Self = Self::new("provider", "Provider");
    const PKCE: Self = Self::new("pkce", "PKCE");
    const ENDPOINTS: Self = Self::new("endpoints", "Endpoints");
    const KEYS: Self = Self::new("keys", "Signing keys");
    const CLOCK: Self = Self::new("clock", "Clock");
    const PORT: Self = Self::new("port", "Port");
    const REDIRECT_URI: Self = Self::new("redirect_uri", "Redirect URI");
    const KEYCHAIN: Self = Self::new("keychain", "Keychain");
    const BROWSER: Self = Self::new("browser", "Browser");

    const fn new(id: &'static str, title: &'static str) -> Self {
        Self { id, title }
    }

    fn is(
        self,
        outcome: CheckOutcome,
        seen: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Check {
        let mut seen = seen.into();
        if !seen.ends_with('.') {
            seen.push('.');
        }
        Check {
            id: self.id,
            title: self.title,
            outcome,
            seen,
            remedy: remedy.into(),
        }
    }

    fn ok(self, seen: impl Into<String>) -> Check {
        self.is(CheckOutcome::Ok, seen, "")
    }

    fn warning(self, seen: impl Into<String>, remedy: impl Into<String>) -> Check {
        self.is(CheckOutcome::Warning, seen, remedy)
    }

    fn failed(self, error: &Error) -> Check {
        self.is(CheckOutcome::Failed, error.message(), error.hint())
    }
}

async fn within(topic: Topic, check: impl Future<Output = Check>) -> Check {
    match tokio::time::timeout(DEADLINE, check).await {
        Ok(check) => check,
        Err(_) => topic.is(
            CheckOutcome::Failed,
            format!("Nothing was found out within {} s", DEADLINE.as_secs()),
            "Try again in a moment.",
        ),
    }
}

//! What the checks are about, and how each is told.

use std::time::Duration;

use super::{Check, CheckOutcome};
use crate::error::Error;

/// The longest that a check may take; requests and the keychain have deadlines of their own, which are shorter.
const DEADLINE: Duration = Duration::from_secs(15);

/// What a check is about.
#[derive(Clone, Copy)]
pub(super) struct Topic {
    id: &'static str,
    title: &'static str,
}

impl Topic {
    pub(super) const PROXY: Self = Self::new("proxy", "Proxy");
    pub(super) const CERTIFICATES: Self = Self::new("certificates", "Certificates");
    pub(super) const CLIENT_SETTINGS: Self = Self::new("client_settings", "Client settings");
    pub(super) const PROVIDER: Self = Self::new("provider", "Provider");
    pub(super) const PKCE: Self = Self::new("pkce", "PKCE");
    pub(super) const ENDPOINTS: Self = Self::new("endpoints", "Endpoints");
    pub(super) const PORT: Self = Self::new("port", "Port");
    pub(super) const LINK: Self = Self::new("link", "Links");
    pub(super) const BROWSER: Self = Self::new("browser", "Browser");
    pub(super) const AUTHORIZATION: Self = Self::new("authorization", "Authorization");
    pub(super) const REDIRECT_URI: Self = Self::new("redirect_uri", "Redirect URI");
    pub(super) const CLIENT_SECRET: Self = Self::new("client_secret", "Client secret");
    pub(super) const KEYS: Self = Self::new("keys", "Signing keys");
    pub(super) const CLOCK: Self = Self::new("clock", "Clock");
    pub(super) const KEYCHAIN: Self = Self::new("keychain", "Keychain");
    pub(super) const LOCKS: Self = Self::new("locks", "Locks");

    const fn new(id: &'static str, title: &'static str) -> Self {
        Self { id, title }
    }

    pub(super) fn is(
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

    pub(super) fn ok(self, seen: impl Into<String>) -> Check {
        self.is(CheckOutcome::Ok, seen, "")
    }

    pub(super) fn warning(self, seen: impl Into<String>, remedy: impl Into<String>) -> Check {
        self.is(CheckOutcome::Warning, seen, remedy)
    }

    pub(super) fn broken(self, seen: impl Into<String>, remedy: impl Into<String>) -> Check {
        self.is(CheckOutcome::Failed, seen, remedy)
    }

    pub(super) fn failed(self, error: &Error) -> Check {
        self.is(CheckOutcome::Failed, error.message(), error.hint())
    }
}

/// What a check finds, or that it took too long.
pub(super) async fn within<C: From<Check>>(topic: Topic, check: impl Future<Output = C>) -> C {
    match tokio::time::timeout(DEADLINE, check).await {
        Ok(check) => check,
        Err(_) => topic
            .broken(
                format!("Nothing was found out within {} s", DEADLINE.as_secs()),
                "Try again in a moment.",
            )
            .into(),
    }
}

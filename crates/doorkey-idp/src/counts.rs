//! What the servers have done so far, for tests that must say "exactly one".

use std::sync::atomic::{AtomicU64, Ordering};

/// A snapshot of what was asked of a running provider, from
/// [`Running::counts`](crate::Running::counts).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Counts {
    /// Authorization codes redeemed for tokens.
    pub codes_redeemed: u64,
    /// Token requests with an authorization code that were refused.
    pub codes_refused: u64,
    /// Device codes redeemed for tokens.
    pub device_codes_redeemed: u64,
    /// Token requests with a device code that got none, those before the person agreed among them.
    pub device_codes_refused: u64,
    /// Refresh tokens exchanged for new tokens.
    pub refreshes: u64,
    /// Token requests with a refresh token that were refused.
    pub refreshes_refused: u64,
    /// Token requests refused before their grant was looked at.
    pub token_requests_refused: u64,
    /// Grants ended because a used code or refresh token came back.
    pub reuses_detected: u64,
    /// Revocation requests that were accepted.
    pub revocations: u64,
    /// Requests to the API that carried an acceptable token.
    pub api_calls: u64,
    /// Requests to the API that were answered 401 or 403.
    pub api_refusals: u64,
}

#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) codes_redeemed: AtomicU64,
    pub(crate) codes_refused: AtomicU64,
    pub(crate) device_codes_redeemed: AtomicU64,
    pub(crate) device_codes_refused: AtomicU64,
    pub(crate) refreshes: AtomicU64,
    pub(crate) refreshes_refused: AtomicU64,
    pub(crate) token_requests_refused: AtomicU64,
    pub(crate) reuses_detected: AtomicU64,
    pub(crate) revocations: AtomicU64,
    pub(crate) api_calls: AtomicU64,
    pub(crate) api_refusals: AtomicU64,
}

impl Tally {
    pub(crate) fn add(counter: &AtomicU64) {
        counter.fetch_add(1, Ordering::SeqCst);
    }

    pub(crate) fn snapshot(&self) -> Counts {
        let read = |counter: &AtomicU64| counter.load(Ordering::SeqCst);
        Counts {
            codes_redeemed: read(&self.codes_redeemed),
            codes_refused: read(&self.codes_refused),
            device_codes_redeemed: read(&self.device_codes_redeemed),
            device_codes_refused: read(&self.device_codes_refused),
            refreshes: read(&self.refreshes),
            refreshes_refused: read(&self.refreshes_refused),
            token_requests_refused: read(&self.token_requests_refused),
            reuses_detected: read(&self.reuses_detected),
            revocations: read(&self.revocations),
            api_calls: read(&self.api_calls),
            api_refusals: read(&self.api_refusals),
        }
    }
}

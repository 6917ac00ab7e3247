//! The wall clock, in the two units that are written down.

use std::time::{SystemTime, UNIX_EPOCH};

/// Milliseconds since the Unix epoch: what the database keeps.
pub(crate) fn now_millis() -> i64 {
    let elapsed = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    i64::try_from(elapsed.as_millis()).unwrap_or(i64::MAX)
}

/// Seconds since the Unix epoch: what a token carries (`NumericDate`).
pub(crate) fn now_seconds() -> i64 {
    now_millis() / 1000
}

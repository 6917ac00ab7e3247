//! The rows of the table, one file each.

pub(crate) mod call;
pub(crate) mod hidden;
pub(crate) mod login;
pub(crate) mod provider;
pub(crate) mod single_flight;
pub(crate) mod token;
pub(crate) mod window;

/// How thorough a run is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Effort {
    pub(crate) logins: usize,
    pub(crate) tokens: usize,
    pub(crate) calls: usize,
    pub(crate) load_rounds: usize,
    pub(crate) load_seconds: f64,
    pub(crate) windows: usize,
    pub(crate) hidden_seconds: u64,
}

impl Effort {
    /// Enough for figures that come out the same again.
    pub(crate) const FULL: Self = Self {
        logins: 25,
        tokens: 60,
        calls: 10_000,
        load_rounds: 7,
        load_seconds: 3.0,
        windows: 11,
        hidden_seconds: 60,
    };
    /// Enough to see whether something has gone wrong.
    pub(crate) const QUICK: Self = Self {
        logins: 3,
        tokens: 10,
        calls: 1_000,
        load_rounds: 2,
        load_seconds: 1.0,
        windows: 2,
        hidden_seconds: 10,
    };
}

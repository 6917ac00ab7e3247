//! The authorization code: a sealed statement, not a row.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{
    broker::Broker,
    clock::now_millis,
    fault::Fault,
    proof::Challenge,
    scope::Scopes,
    seal::{Purpose, Unsealed},
};

/// What an authorization code carries, sealed. Nothing of it is kept here: the
/// challenge comes back with the code, and only the id is remembered once used.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Code {
    pub(super) id: String,
    pub(super) client_id: String,
    pub(super) redirect_uri: String,
    pub(super) challenge: Option<Challenge>,
    pub(super) gives_refresh_token: bool,
    pub(super) user_id: String,
    pub(super) scopes: Scopes,
    pub(super) api_access: bool,
    pub(super) nonce: Option<String>,
    /// Milliseconds.
    pub(super) authenticated_at: i64,
    /// Milliseconds.
    pub(super) expires_at: i64,
}

/// How much longer than the code lives it can still be opened, so that an expired
/// one is recognised and refused as such.
const AFTERLIFE: Duration = Duration::from_secs(60);

impl Code {
    pub(super) fn seal(&self, broker: &Broker) -> Result<String, Fault> {
        let lifetime = broker.code_lifetime.saturating_add(AFTERLIFE);
        broker
            .seal
            .seal(Purpose::Code, &broker.issuer, lifetime, self)
    }

    pub(super) fn open(broker: &Broker, sealed: &str) -> Result<Self, Unsealed> {
        broker.seal.open(Purpose::Code, &broker.issuer, sealed)
    }

    pub(super) fn has_expired(&self) -> bool {
        self.expires_at <= now_millis()
    }
}

//! The keys that ID tokens are verified with.

use super::{Check, Topic, within};
use crate::engine::Engine;
use crate::http::Http;
use crate::profile::Profile;
use crate::provider::Provider;
use crate::trace::Flow;

/// Whether the provider publishes keys that fit, for a profile that asks for an ID token.
pub(super) async fn check(
    engine: &Engine,
    profile: &Profile,
    http: &Http,
    provider: &Provider,
) -> Option<Check> {
    if !profile.wants_id_token() {
        return None;
    }
    Some(within(Topic::KEYS, usable(engine, http, provider)).await)
}

async fn usable(engine: &Engine, http: &Http, provider: &Provider) -> Check {
    let trace = engine.trace(Flow::SignIn).silent();
    let usable = match engine.keys(http, provider) {
        Ok(keys) => keys.usable(&provider.id_token_algorithms, &trace).await,
        Err(error) => Err(error),
    };
    match usable {
        Ok(0) => Topic::KEYS.broken(
            "None of the provider's keys fits the algorithms that it signs ID tokens with",
            "Tell the provider's administrator: no ID token could be verified.",
        ),
        Ok(1) => Topic::KEYS.ok("The provider publishes 1 key to verify ID tokens with"),
        Ok(count) => Topic::KEYS.ok(format!(
            "The provider publishes {count} keys to verify ID tokens with"
        )),
        Err(error) => Topic::KEYS.failed(&error),
    }
}

//! Which client the profile is, where it leaves that to the server.

use std::borrow::Cow;

use super::{Check, Topic};
use crate::engine::Engine;
use crate::profile::Profile;
use crate::provider;
use crate::trace::Flow;

/// What the server says, for a profile that asks it, and the profile as a sign-in would use it. None if the server does
/// not say which client that is.
pub(super) async fn check<'p>(
    engine: &Engine,
    profile: &'p Profile,
) -> (Option<Check>, Option<Cow<'p, Profile>>) {
    let Some(url) = profile.client_settings() else {
        return (None, Some(Cow::Borrowed(profile)));
    };
    let http = engine.http(profile);
    let trace = engine.trace(Flow::SignIn).silent();
    match provider::settled(profile, &http, &trace).await {
        Ok(settled) => {
            let seen = format!("{url} names the client {:?}", settled.client_id());
            (Some(Topic::CLIENT_SETTINGS.ok(seen)), Some(settled))
        }
        Err(error) => (Some(Topic::CLIENT_SETTINGS.failed(&error)), None),
    }
}

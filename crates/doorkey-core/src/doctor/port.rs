//! Whether the answer of a sign-in could come in. A link comes over no port.

use super::{Check, Topic};
use crate::engine::Engine;
use crate::profile::{Profile, RedirectUri};
use crate::receiver::Channel;
use crate::trace::Flow;

pub(super) fn check(engine: &Engine, profile: &Profile) -> Option<Check> {
    let RedirectUri::Loopback(uri) = profile.redirect_uri() else {
        return None;
    };
    // Opened as a sign-in does it, and given back at once.
    let trace = engine.trace(Flow::SignIn).silent();
    Some(match Channel::open(profile, None, &trace) {
        Err(error) => Topic::PORT.failed(&error),
        Ok(_) => Topic::PORT.ok(match uri.ports() {
            [] => "Any free port will do, and there is one".to_owned(),
            [port] => format!("Port {port} is free"),
            ports => format!("One of the {} ports is free", ports.len()),
        }),
    })
}

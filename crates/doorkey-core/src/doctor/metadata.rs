//! What the metadata promises, or the profile in its place.

use super::{Check, Topic};
use crate::profile::is_loopback;
use crate::provider::Provider;

pub(super) fn pkce(provider: &Provider) -> Check {
    if provider.advertises_s256 {
        return Topic::PKCE.ok("The provider offers PKCE with S256");
    }
    Topic::PKCE.warning(
        "The metadata does not say whether the provider knows PKCE with S256",
        "Doorkey uses it all the same. Ask the provider's administrator whether codes are bound to it.",
    )
}

pub(super) fn endpoints(provider: &Provider) -> Check {
    let urls = [&provider.authorization_endpoint, &provider.token_endpoint];
    let hosts = urls.map(|url| url.origin().ascii_serialization());
    let hosts = match &hosts {
        [one, other] if one == other => one.clone(),
        [one, other] => format!("{one} and {other}"),
    };
    let how = if urls.iter().all(|url| url.scheme() == "https") {
        "encrypted"
    } else if urls.iter().all(|url| is_loopback(url)) {
        "on this computer, where no encryption is needed"
    } else {
        "partly encrypted, partly on this computer"
    };
    let seen = format!("The endpoints are at {hosts}, {how}");
    if provider.revocation_endpoint.is_some() {
        return Topic::ENDPOINTS.ok(seen);
    }
    Topic::ENDPOINTS.warning(
        format!("{seen}; there is none for revocation"),
        "Signing out forgets the session here, and the provider goes on accepting its tokens until they expire.",
    )
}

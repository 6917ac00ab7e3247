//! What the provider says of itself.

use std::time::{Duration, SystemTime};

use reqwest::header::{DATE, HeaderMap};
use reqwest::{Method, Request};
use tokio::time::Instant;

use super::{Check, CheckOutcome, Topic, within};
use crate::engine::Engine;
use crate::error::{Error, Result};
use crate::http::Limits;
use crate::profile::{Profile, Server, is_loopback};
use crate::provider::Provider;
use crate::trace::Flow;

/// A difference that no provider minds; its time is told in whole seconds, and the answer took a while.
const UNIMPORTANT: Duration = Duration::from_secs(30);
/// A difference at which tokens are taken for expired, or not yet valid.
const TOO_MUCH: Duration = Duration::from_secs(5 * 60);

/// Metadata and what it promises.
pub(super) async fn checks(engine: &Engine, profile: &Profile) -> Vec<Check> {
    let trace = engine.trace(Flow::SignIn).silent();
    let http = engine.http(profile);
    let begun = Instant::now();
    let provider = match engine.discovery().fresh(profile, &http, &trace).await {
        Ok(provider) => provider,
        Err(error) => return vec![Topic::PROVIDER.failed(&error)],
    };
    let took = begun.elapsed().as_millis();
    let mut checks = Vec::new();
    if let Server::Discovered(issuer) = &profile.server {
        checks.push(Topic::PROVIDER.ok(format!(
            "{issuer} answered in {took} ms, and its metadata names the same issuer"
        )));
        checks.push(pkce(&provider));
    }
    checks.push(endpoints(&provider));
    if profile.wants_id_token() {
        checks.push(within(Topic::KEYS, keys(engine, profile, &provider)).await);
    }
    checks
}

fn pkce(provider: &Provider) -> Check {
    if provider.advertises_s256 {
        return Topic::PKCE.ok("The provider offers PKCE with S256");
    }
    Topic::PKCE.warning(
        "The metadata does not say whether the provider knows PKCE with S256",
        "Doorkey uses it all the same. Ask the provider's administrator whether codes are bound to it.",
    )
}

fn endpoints(provider: &Provider) -> Check {
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

async fn keys(engine: &Engine, profile: &Profile, provider: &Provider) -> Check {
    let trace = engine.trace(Flow::SignIn).silent();
    let usable = match engine.keys(&engine.http(profile), provider) {
        Ok(keys) => keys.usable(&provider.id_token_algorithms, &trace).await,
        Err(error) => Err(error),
    };
    match usable {
        Ok(0) => Topic::KEYS.is(
            CheckOutcome::Failed,
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

/// This computer's clock against the time that the provider puts on its answers.
pub(super) async fn clock(engine: &Engine, profile: &Profile) -> Check {
    let told = match answer(engine, profile).await {
        Ok(headers) => headers
            .get(DATE)
            .and_then(|date| date.to_str().ok())
            .and_then(|date| httpdate::parse_http_date(date).ok()),
        Err(error) => return Topic::CLOCK.failed(&error),
    };
    match told {
        Some(told) => compare(engine.clock().now(), told),
        None => Topic::CLOCK.warning(
            "The provider does not tell the time",
            "Compare this computer's clock yourself: tokens have times.",
        ),
    }
}

/// The headers of any answer: each carries the time, also a refusal.
async fn answer(engine: &Engine, profile: &Profile) -> Result<HeaderMap> {
    let mut url = profile.home().clone();
    url.set_path("/");
    url.set_query(None);
    let request = Request::new(Method::HEAD, url);
    let answer = engine.http(profile).send(request, Limits::PROVIDER).await;
    answer
        .map(|answer| answer.headers)
        .map_err(|error: Error| error.shared())
}

fn compare(here: SystemTime, there: SystemTime) -> Check {
    let (difference, way) = match here.duration_since(there) {
        Ok(ahead) => (ahead, "ahead of"),
        Err(behind) => (behind.duration(), "behind"),
    };
    if difference < UNIMPORTANT {
        return Topic::CLOCK.ok("This computer and the provider agree on the time");
    }
    let seconds = difference.as_secs();
    let told = if seconds < 120 {
        format!("{seconds} seconds")
    } else {
        format!("{} minutes", seconds / 60)
    };
    Topic::CLOCK.is(
        if difference < TOO_MUCH {
            CheckOutcome::Warning
        } else {
            CheckOutcome::Failed
        },
        format!("This computer's clock is {told} {way} the provider's"),
        "Have the system set the clock by itself, or correct it.",
    )
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use super::*;

    #[test]
    fn a_clock_may_be_a_little_wrong_and_not_more() {
        let now = UNIX_EPOCH + Duration::from_secs(1_800_000_000);
        for (seconds, outcome, seen) in [
            (0, CheckOutcome::Ok, "agree"),
            (29, CheckOutcome::Ok, "agree"),
            (90, CheckOutcome::Warning, "90 seconds"),
            (600, CheckOutcome::Failed, "10 minutes"),
        ] {
            let difference = Duration::from_secs(seconds);
            for (here, way) in [(now + difference, "ahead of"), (now - difference, "behind")] {
                let check = compare(here, now);
                assert_eq!(check.outcome, outcome, "{check:?}");
                assert!(check.seen.contains(seen), "{check:?}");
                assert!(outcome == CheckOutcome::Ok || check.seen.contains(way));
            }
        }
    }
}

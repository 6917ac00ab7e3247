//! This computer's clock against the time that the provider puts on its answers.

use std::time::{Duration, SystemTime};

use reqwest::header::{DATE, HeaderMap};
use reqwest::{Method, Request};

use super::{Check, CheckOutcome, Topic};
use crate::engine::Engine;
use crate::error::Result;
use crate::http::Limits;
use crate::profile::Profile;

/// A difference that no provider minds; its time is told in whole seconds, and the answer took a while.
const UNIMPORTANT: Duration = Duration::from_secs(30);
/// A difference at which tokens are taken for expired, or not yet valid.
const TOO_MUCH: Duration = Duration::from_secs(5 * 60);

/// Compares both.
///
/// # Errors
/// When the provider cannot be asked.
pub(super) async fn check(engine: &Engine, profile: &Profile) -> Result<Check> {
    let told = answer(engine, profile)
        .await?
        .get(DATE)
        .and_then(|date| date.to_str().ok())
        .and_then(|date| httpdate::parse_http_date(date).ok());
    Ok(match told {
        Some(told) => compare(engine.clock().now(), told),
        None => unknown("The provider does not tell the time"),
    })
}

/// That there is nothing to compare with.
pub(super) fn unknown(why: &str) -> Check {
    Topic::CLOCK.warning(
        why,
        "Compare this computer's clock yourself: tokens have times.",
    )
}

/// The headers of any answer: each carries the time, also a refusal.
async fn answer(engine: &Engine, profile: &Profile) -> Result<HeaderMap> {
    let mut url = profile.home().clone();
    url.set_path("/");
    url.set_query(None);
    let request = Request::new(Method::HEAD, url);
    let answer = engine.http(profile).send(request, Limits::PROVIDER).await;
    answer.map(|answer| answer.headers)
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

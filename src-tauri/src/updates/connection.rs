//! How the address is asked: nothing but the request itself is sent, and never in the clear.

use std::time::Duration;

use doorkey_core::{Code, EDITION, Edition, request_failure};
use reqwest::ClientBuilder;
use reqwest::redirect::{Attempt, Policy};
use url::Url;

use super::source::{is_loopback, is_secure};
use crate::view::Problem;

/// How long a connection may take to be made.
const CONNECT_DEADLINE: Duration = Duration::from_secs(8);

/// How long a server may be silent.
const SILENCE: Duration = Duration::from_secs(30);

/// How often a server may send on. Releases often lie elsewhere than their newest announcement.
const MOST_REDIRECTS: usize = 5;

/// Only builds of developers talk to a server on their own computer in the clear.
pub(super) fn plain_loopback() -> bool {
    EDITION == Edition::DEVELOPMENT
}

/// Sets a client up: no cookies, no referrer, no version in the name of the program.
pub(super) fn client(builder: ClientBuilder, url: &Url) -> ClientBuilder {
    let builder = builder
        .user_agent("doorkey")
        .referer(false)
        .redirect(Policy::custom(follow))
        .retry(reqwest::retry::never())
        .connect_timeout(CONNECT_DEADLINE)
        .read_timeout(SILENCE);
    // No proxy can reach this computer itself.
    if is_loopback(url) {
        builder.no_proxy()
    } else {
        builder
    }
}

fn follow(attempt: Attempt<'_>) -> reqwest::redirect::Action {
    if attempt.previous().len() > MOST_REDIRECTS {
        attempt.error("it sends on too often")
    } else if is_secure(attempt.url(), plain_loopback()) {
        attempt.follow()
    } else {
        attempt.error("it sends on to an address that is not https:")
    }
}

/// What went wrong on the way.
pub(super) fn problem(host: &str, error: reqwest::Error) -> Problem {
    if error.is_redirect() {
        return Problem::new(
            Code::InsecureEndpoint.as_str(),
            format!(
                "{host} sends on too often, or to an address that is not https:, so nothing more was asked."
            ),
            "Try again later. If it happens again, tell whoever publishes this Doorkey.",
        );
    }
    request_failure(host, error).into()
}

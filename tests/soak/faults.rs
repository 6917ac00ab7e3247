//! What the provider does wrong, every now and then.

use std::time::Duration;

use doorkey_double::{Answer, Endpoint, Provider};

/// Every so many requests of an endpoint one goes wrong, in turn.
pub(crate) fn inject(provider: &Provider) {
    bend(provider, Endpoint::Api, 7, |answer| {
        [
            Answer::status(401).header("WWW-Authenticate", "Bearer error=\"invalid_token\""),
            Answer::status(500),
            Answer::lost(),
            answer.clone().cut_after(3),
            answer.clone().after(Duration::from_millis(20)),
            Answer::redirect(302, "http://127.0.0.1:9/"),
        ]
    });
    bend(provider, Endpoint::Token, 5, |answer| {
        [
            Answer::lost(),
            Answer::status(503),
            Answer::bytes("text/html", "<title>Hotel</title>").with_status(403),
            answer.clone().after(Duration::from_millis(20)),
            Answer::error("invalid_grant"),
            answer.clone().cut_after(3),
        ]
    });
    bend(provider, Endpoint::Revocation, 3, |answer| {
        [
            Answer::status(503),
            Answer::lost(),
            answer.clone(),
            Answer::error("invalid_client").with_status(401),
            Answer::redirect(307, "http://127.0.0.1:9/"),
            Answer::status(404),
        ]
    });
}

fn bend(
    provider: &Provider,
    endpoint: Endpoint,
    every: usize,
    wrong: impl Fn(&Answer) -> [Answer; 6] + Send + 'static,
) {
    let mut count = 0;
    provider.bend(endpoint, move |_, answer| {
        count += 1;
        if count % every != 0 {
            return answer;
        }
        let mut wrong = wrong(&answer).into_iter();
        wrong.nth(count / every % 6).unwrap_or(answer)
    });
}

//! Races at the token endpoint.

use futures_util::future::join_all;
use reqwest::StatusCode;
use serde_json::Value;

use crate::agent::{Agent, call, provider, redeem, refresh, request, text, tokens};

const CALLERS: usize = 20;

fn successes(results: &[(StatusCode, Value)]) -> usize {
    results
        .iter()
        .filter(|(status, _)| *status == StatusCode::OK)
        .count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_twenty_refreshes_of_one_token_exactly_one_succeeds() {
    let provider = provider().await;
    let tokens = tokens(&provider).await;
    let old = text(&tokens, "refresh_token");
    let results = join_all((0..CALLERS).map(|_| refresh(&provider, old))).await;
    assert_eq!(successes(&results), 1);
    let counts = provider.counts();
    assert_eq!(
        (counts.refreshes, counts.refreshes_refused),
        (1, CALLERS as u64 - 1)
    );

    // The others were reuse, so the one that succeeded is worth nothing now.
    let won = results
        .iter()
        .find(|(status, _)| *status == StatusCode::OK)
        .unwrap();
    let after = call(&provider, "/api/me", text(&won.1, "access_token")).await;
    assert_eq!(after.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_twenty_redemptions_of_one_code_exactly_one_succeeds() {
    let provider = provider().await;
    let answer = Agent::new().sign_in(&provider, &request()).await;
    let results = join_all((0..CALLERS).map(|_| redeem(&provider, &answer["code"]))).await;
    assert_eq!(successes(&results), 1);
    assert_eq!(provider.counts().codes_redeemed, 1);
}

//! Refresh tokens: when there is one, and what becomes of it.

use std::time::Duration;

use doorkey_idp::{Personality, RefreshGiven};
use reqwest::StatusCode;
use serde_json::Value;

use super::play::{Play, personality, standard_but};
use crate::agent::{Agent, text};

fn has_refresh_token(tokens: &Value) -> bool {
    tokens.get("refresh_token").is_some()
}

#[tokio::test]
async fn there_is_one_when_the_provider_says_so() {
    for (given, with_scope, without) in [
        (RefreshGiven::WithScope, true, false),
        (RefreshGiven::Always, true, true),
        (RefreshGiven::Never, false, false),
    ] {
        let play = Play::of(standard_but(|standard| standard.refresh.given = given)).await;
        let tokens = play.tokens().await;
        assert_eq!(has_refresh_token(&tokens), with_scope, "{given:?}");
        let request = play.request_with(&[("scope", "openid")]);
        let tokens = play.tokens_of(&request).await;
        assert_eq!(has_refresh_token(&tokens), without, "{given:?}");
    }
}

#[tokio::test]
async fn google_gives_one_for_offline_access_when_the_person_was_asked() {
    let play = Play::named("google").await;
    let online = play.request_with(&[("access_type", "")]);
    assert!(!has_refresh_token(&play.tokens_of(&online).await));

    let agent = Agent::new();
    let page = play.consent(&agent, &play.request()).await;
    let home = agent.press(&page, "Allow", &[]).await.home();
    assert!(has_refresh_token(&play.redeem(&home["code"]).await.json()));
    // The second time nobody is asked, unless the request wants that.
    let home = agent.open(play.authorize_url(&play.request())).await.home();
    assert!(!has_refresh_token(&play.redeem(&home["code"]).await.json()));
    let request = play.request_with(&[("prompt", "consent")]);
    let page = agent.open(play.authorize_url(&request)).await.page();
    let home = agent.press(&page, "Allow", &[]).await.home();
    assert!(has_refresh_token(&play.redeem(&home["code"]).await.json()));
}

#[tokio::test]
async fn a_token_that_is_not_rotated_stays_and_no_other_comes() {
    for (id, rotates) in [("google", false), ("adfs", false), ("oidc", true)] {
        let play = Play::named(id).await;
        let tokens = play.tokens().await;
        let first = text(&tokens, "refresh_token");
        let answer = play.refresh(first).await;
        assert_eq!(answer.status, StatusCode::OK, "{id}: {answer:?}");
        assert_eq!(has_refresh_token(&answer.json()), rotates, "{id}");
        let again = play.refresh(first).await.status;
        assert_eq!(again == StatusCode::OK, !rotates, "{id}");
    }
}

#[tokio::test]
async fn a_used_one_is_forgiven_for_as_long_as_the_provider_says() {
    for (id, grace) in [
        ("auth0", Duration::from_secs(10)),
        ("okta", Duration::from_secs(30)),
        ("oidc", Duration::ZERO),
    ] {
        assert_eq!(personality(id).refresh.reuse_grace, grace, "{id}");
        let play = Play::named(id).await;
        let tokens = play.tokens().await;
        let used = text(&tokens, "refresh_token");
        let next = play.refresh(used).await.json();
        let is_forgiven = play.refresh(used).await.status == StatusCode::OK;
        assert_eq!(is_forgiven, !grace.is_zero(), "{id}");
        // What is not forgiven ends the whole grant.
        let successor = play.refresh(text(&next, "refresh_token")).await;
        assert_eq!(successor.status == StatusCode::OK, is_forgiven, "{id}");
    }
}

#[tokio::test]
async fn a_refresh_brings_an_id_token_or_none() {
    for (id, brings_one) in [("entra", false), ("oidc", true)] {
        let play = Play::named(id).await;
        let tokens = play.tokens().await;
        assert!(tokens.get("id_token").is_some(), "{id}");
        let answer = play.refresh(text(&tokens, "refresh_token")).await.json();
        assert_eq!(answer.get("id_token").is_some(), brings_one, "{id}");
    }
}

#[tokio::test]
async fn a_refusal_may_say_nothing() {
    for (personality, is_silent) in [
        (personality("oauth2"), true),
        (Personality::STANDARD, false),
    ] {
        let play = Play::of(personality).await;
        let refused = play.refresh("rubbish").await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST);
        assert_eq!(refused.body.is_empty(), is_silent);
        if !is_silent {
            assert_eq!(refused.error().1, "invalid_grant");
        }
    }
}

//! The protected API.

use std::time::Duration;

use doorkey_idp::{Config, start};
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::agent::{Agent, app, call, provider, redeem, refresh, request, text, tokens, with};

fn challenge(response: &reqwest::Response) -> &str {
    response.headers()["www-authenticate"].to_str().unwrap()
}

#[tokio::test]
async fn without_a_token_there_is_a_challenge_without_an_error() {
    let provider = provider().await;
    let response = app()
        .get(format!("{}/api/me", provider.api()))
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
    assert!(challenge(&response).starts_with("Bearer "));
    assert!(!challenge(&response).contains("error="));
    assert!(
        !response
            .headers()
            .contains_key("access-control-allow-origin")
    );

    let metadata = format!("{}/.well-known/oauth-protected-resource", provider.api());
    assert!(challenge(&response).contains(&metadata));
    let metadata: Value = app()
        .get(metadata)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(
        metadata["authorization_servers"],
        json!([provider.issuer()])
    );
}

#[tokio::test]
async fn bad_tokens_are_refused() {
    let provider = provider().await;
    let other = crate::agent::provider().await;
    let (mine, foreign) = (tokens(&provider).await, tokens(&other).await);
    let access = text(&mine, "access_token");
    let (signed, signature) = access.rsplit_once('.').unwrap();
    let flipped = if signature.starts_with('A') { "B" } else { "A" };
    for bad in [
        "not-a-token".to_owned(),
        text(&mine, "id_token").to_owned(),
        text(&mine, "refresh_token").to_owned(),
        text(&foreign, "access_token").to_owned(),
        format!("{signed}.{flipped}{}", &signature[1..]),
        format!("{signed}."),
    ] {
        let response = call(&provider, "/api/me", &bad).await;
        assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
        assert!(challenge(&response).contains("error=\"invalid_token\""));
    }
    assert_eq!(
        call(&provider, "/api/me", access).await.status(),
        StatusCode::OK
    );
}

#[tokio::test]
async fn an_expired_token_is_refused_and_a_refreshed_one_is_not() {
    let lifetime = Duration::from_secs(1);
    let config = Config {
        port: 0,
        access_token_lifetime: lifetime,
        ..Config::default()
    };
    let provider = start(config).await.unwrap();
    let old = tokens(&provider).await;
    // The one wait in these tests that no event can replace: tokens are dated
    // by the wall clock, in whole seconds.
    tokio::time::sleep(Duration::from_millis(2100)).await;
    let response = call(&provider, "/api/me", text(&old, "access_token")).await;
    assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
    assert!(challenge(&response).contains("expired"));
    let (_, new) = refresh(&provider, text(&old, "refresh_token")).await;
    let response = call(&provider, "/api/me", text(&new, "access_token")).await;
    assert_eq!(response.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_missing_scope_is_named() {
    let provider = provider().await;
    let request = with(&[("scope", "openid projects:read")]);
    let answer = Agent::new().sign_in(&provider, &request).await;
    let (_, tokens) = redeem(&provider, &answer["code"]).await;
    let access = text(&tokens, "access_token");
    let projects = call(&provider, "/api/v1/projects", access).await;
    assert_eq!(projects.status(), StatusCode::OK);
    let workflows = call(&provider, "/api/v1/workflows", access).await;
    assert_eq!(workflows.status(), StatusCode::FORBIDDEN);
    assert!(challenge(&workflows).contains("error=\"insufficient_scope\""));
    assert!(challenge(&workflows).contains("scope=\"workflows:read\""));
    let counts = provider.counts();
    assert_eq!((counts.api_calls, counts.api_refusals), (1, 1));
}

#[tokio::test]
async fn executions_are_created_and_listed() {
    let provider = provider().await;
    let tokens = tokens(&provider).await;
    let access = text(&tokens, "access_token");
    let address = format!("{}/api/v1/executions", provider.api());
    let create = |body: Value| app().post(&address).bearer_auth(access).json(&body).send();

    let response =
        create(json!({ "workflow": "tides.forecast", "inputs": { "harbour": "Ålesund" } }))
            .await
            .unwrap();
    assert_eq!(response.status(), StatusCode::CREATED);
    let created: Value = response.json().await.unwrap();
    assert_eq!(created["project"], "tide-tables");
    assert_eq!(created["inputs"]["harbour"], "Ålesund");
    let listed: Value = call(&provider, "/api/v1/executions", access)
        .await
        .json()
        .await
        .unwrap();
    assert_eq!(listed, json!({ "executions": [created] }));

    let unknown = create(json!({ "workflow": "none" })).await.unwrap();
    assert_eq!(unknown.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let wrong = create(json!({ "name": "none" })).await.unwrap();
    assert_eq!(wrong.status(), StatusCode::BAD_REQUEST);
    let form = app()
        .post(&address)
        .bearer_auth(access)
        .form(&[("workflow", "tides.forecast")]);
    assert_eq!(
        form.send().await.unwrap().status(),
        StatusCode::UNSUPPORTED_MEDIA_TYPE
    );
    let missing = call(&provider, "/api/v1/nothing", access).await;
    assert_eq!(missing.status(), StatusCode::NOT_FOUND);
    assert_eq!(missing.json::<Value>().await.unwrap()["error"], "not_found");
}

#[tokio::test]
async fn rotation_keeps_old_tokens_good_and_new_ones_are_believed_at_once() {
    let provider = provider().await;
    let answer = Agent::new().sign_in(&provider, &request()).await;
    let (_, before) = redeem(&provider, &answer["code"]).await;
    let me = |token: String| {
        let provider = &provider;
        async move { call(provider, "/api/me", &token).await.status() }
    };
    let old = text(&before, "access_token").to_owned();
    assert_eq!(me(old.clone()).await, StatusCode::OK);

    provider.rotate_keys().await.unwrap();
    let (_, after) = refresh(&provider, text(&before, "refresh_token")).await;
    assert_eq!(
        me(text(&after, "access_token").to_owned()).await,
        StatusCode::OK
    );
    assert_eq!(me(old).await, StatusCode::OK);

    let set: Value = app()
        .get(format!("{}/jwks", provider.issuer()))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(set["keys"].as_array().unwrap().len(), 2);
}

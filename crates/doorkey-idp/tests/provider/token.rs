//! The token and revocation endpoints.

use std::time::Duration;

use doorkey_idp::{Client, Config, DEMO_CLIENT_ID, start};
use reqwest::StatusCode;
use serde_json::json;

use crate::agent::{
    Agent, REDIRECT_URI, VERIFIER, app, call, post, provider, redeem, refresh, request, text,
    tokens, with,
};

const BAD: StatusCode = StatusCode::BAD_REQUEST;

#[tokio::test]
async fn a_code_is_refused_to_whoever_cannot_prove_the_request() {
    let provider = provider().await;
    let answer = Agent::new().sign_in(&provider, &request()).await;
    let good = [
        ("grant_type", "authorization_code"),
        ("client_id", DEMO_CLIENT_ID),
        ("code", answer["code"].as_str()),
        ("redirect_uri", REDIRECT_URI),
        ("code_verifier", VERIFIER),
    ];
    let other_verifier = "a".repeat(43);
    for (name, value, error) in [
        ("code_verifier", other_verifier.as_str(), "invalid_grant"),
        ("code_verifier", "", "invalid_request"),
        (
            "redirect_uri",
            "http://127.0.0.1:10/callback",
            "invalid_grant",
        ),
        ("redirect_uri", "", "invalid_request"),
        ("code", "rubbish", "invalid_grant"),
        ("client_id", "unknown", "invalid_client"),
        ("grant_type", "password", "unsupported_grant_type"),
        ("grant_type", "", "invalid_request"),
        ("resource", "https://other.example", "invalid_target"),
    ] {
        let mut form: Vec<_> = good
            .into_iter()
            .filter(|(field, _)| *field != name)
            .collect();
        form.push((name, value));
        let (_, body) = post(&provider, "/token", &form).await;
        assert_eq!(body["error"], error, "{name}={value}");
    }
    // None of that has used the code up.
    let (status, _) = post(&provider, "/token", &good).await;
    assert_eq!(status, StatusCode::OK);
}

#[tokio::test]
async fn the_short_verifier_of_the_first_seed_is_refused() {
    let provider = provider().await;
    let challenge = "ZoRigXsq1CUyKfirqwlR_cebS2bYO3Tb0LlCw6PDq2k";
    let answer = Agent::new()
        .sign_in(&provider, &with(&[("code_challenge", challenge)]))
        .await;
    let form = [
        ("grant_type", "authorization_code"),
        ("client_id", DEMO_CLIENT_ID),
        ("code", answer["code"].as_str()),
        ("redirect_uri", REDIRECT_URI),
        ("code_verifier", "u7sG93mSdLs9zP8dE3sFj38ZsTzE28kYxSgKsd83"),
    ];
    let (status, body) = post(&provider, "/token", &form).await;
    assert_eq!((status, &body["error"]), (BAD, &json!("invalid_grant")));
}

#[tokio::test]
async fn a_used_code_ends_what_came_of_it() {
    let provider = provider().await;
    let answer = Agent::new().sign_in(&provider, &request()).await;
    let (_, tokens) = redeem(&provider, &answer["code"]).await;
    let access = text(&tokens, "access_token");
    assert_eq!(
        call(&provider, "/api/me", access).await.status(),
        StatusCode::OK
    );

    let (status, body) = redeem(&provider, &answer["code"]).await;
    assert_eq!((status, &body["error"]), (BAD, &json!("invalid_grant")));
    let after = call(&provider, "/api/me", access).await;
    assert_eq!(after.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(
        refresh(&provider, text(&tokens, "refresh_token")).await.0,
        BAD
    );
    assert_eq!(provider.counts().reuses_detected, 1);
}

#[tokio::test]
async fn a_code_expires() {
    let config = Config {
        port: 0,
        code_lifetime: Duration::ZERO,
        ..Config::default()
    };
    let provider = start(config).await.unwrap();
    let answer = Agent::new().sign_in(&provider, &request()).await;
    let (status, body) = redeem(&provider, &answer["code"]).await;
    assert_eq!((status, &body["error"]), (BAD, &json!("invalid_grant")));
    assert!(text(&body, "error_description").contains("expired"));
}

#[tokio::test]
async fn only_a_form_without_a_secret_is_read() {
    let provider = provider().await;
    let token = format!("{}/token", provider.issuer());
    let json = app()
        .post(&token)
        .json(&json!({ "grant_type": "authorization_code" }));
    assert_eq!(json.send().await.unwrap().status(), BAD);

    let form = [
        ("grant_type", "refresh_token"),
        ("client_id", DEMO_CLIENT_ID),
    ];
    let basic = app()
        .post(&token)
        .form(&form)
        .basic_auth(DEMO_CLIENT_ID, Some("x"));
    let response = basic.send().await.unwrap();
    assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
    assert!(response.headers().contains_key("www-authenticate"));
    assert_eq!(response.headers()["cache-control"], "no-store");

    let twice = [form[0], form[0], form[1]];
    assert_eq!(
        post(&provider, "/token", &twice).await.1["error"],
        "invalid_request"
    );
    let get = app().get(&token).send().await.unwrap();
    assert_eq!(get.status(), StatusCode::METHOD_NOT_ALLOWED);
    assert!(!get.headers().contains_key("access-control-allow-origin"));
}

#[tokio::test]
async fn a_refresh_can_narrow_the_scopes_and_not_widen_them() {
    let provider = provider().await;
    let request = with(&[("scope", "openid offline_access projects:read")]);
    let answer = Agent::new().sign_in(&provider, &request).await;
    let (_, tokens) = redeem(&provider, &answer["code"]).await;
    let with_scope = |refresh_token: String, scope: &'static str| {
        let provider = &provider;
        async move {
            let form = [
                ("grant_type", "refresh_token"),
                ("client_id", DEMO_CLIENT_ID),
                ("refresh_token", refresh_token.as_str()),
                ("scope", scope),
            ];
            post(provider, "/token", &form).await
        }
    };
    let first = text(&tokens, "refresh_token").to_owned();
    let (status, body) = with_scope(first.clone(), "openid executions:write").await;
    assert_eq!((status, &body["error"]), (BAD, &json!("invalid_scope")));
    let (status, narrowed) = with_scope(first, "projects:read").await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(narrowed["scope"], "projects:read");
    let (_, whole) = refresh(&provider, text(&narrowed, "refresh_token")).await;
    assert_eq!(whole["scope"], "openid offline_access projects:read");
}

#[tokio::test]
async fn a_reuse_within_the_grace_window_is_forgiven() {
    let grace = Duration::from_secs(60);
    let config = Config {
        port: 0,
        refresh_reuse_grace: grace,
        ..Config::default()
    };
    let provider = start(config).await.unwrap();
    let tokens = tokens(&provider).await;
    let old = text(&tokens, "refresh_token");
    assert_eq!(refresh(&provider, old).await.0, StatusCode::OK);
    let (status, again) = refresh(&provider, old).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(
        refresh(&provider, text(&again, "refresh_token")).await.0,
        StatusCode::OK
    );
}

#[tokio::test]
async fn a_refresh_token_expires() {
    let config = Config {
        port: 0,
        refresh_token_lifetime: Duration::ZERO,
        ..Config::default()
    };
    let provider = start(config).await.unwrap();
    let tokens = tokens(&provider).await;
    assert_eq!(
        refresh(&provider, text(&tokens, "refresh_token")).await.0,
        BAD
    );
    assert_eq!(provider.counts().reuses_detected, 0);
}

#[tokio::test]
async fn a_client_revokes_its_own_tokens_and_no_others() {
    let provider = provider().await;
    provider
        .register(Client {
            id: "another".to_owned(),
            name: "Another".to_owned(),
            redirect_uris: Vec::new(),
            post_logout_redirect_uris: Vec::new(),
        })
        .await
        .unwrap();
    let tokens = tokens(&provider).await;
    let access = text(&tokens, "access_token");
    let revoke = |client_id: &'static str, token: String| {
        let provider = &provider;
        async move {
            let form = [("client_id", client_id), ("token", token.as_str())];
            post(provider, "/revoke", &form).await
        }
    };
    let (status, body) = revoke("another", access.to_owned()).await;
    assert_eq!((status, &body["error"]), (BAD, &json!("invalid_request")));
    let (status, _) = revoke("another", text(&tokens, "refresh_token").to_owned()).await;
    assert_eq!(status, BAD);
    assert_eq!(
        call(&provider, "/api/me", access).await.status(),
        StatusCode::OK
    );

    let (status, body) = revoke("unknown", access.to_owned()).await;
    assert_eq!(
        (status, &body["error"]),
        (StatusCode::UNAUTHORIZED, &json!("invalid_client"))
    );
    assert_eq!(
        revoke(DEMO_CLIENT_ID, "never issued".to_owned()).await.0,
        StatusCode::OK
    );

    assert_eq!(
        revoke(DEMO_CLIENT_ID, access.to_owned()).await.0,
        StatusCode::OK
    );
    assert_eq!(
        refresh(&provider, text(&tokens, "refresh_token")).await.0,
        BAD
    );
    assert_eq!(provider.counts().revocations, 2);
}

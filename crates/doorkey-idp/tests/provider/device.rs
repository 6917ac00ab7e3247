//! Signing in with a code: the device asks, the person agrees in a browser elsewhere.

use std::time::Duration;

use doorkey_idp::{Config, DEMO_CLIENT_ID, DEMO_SCOPES, Running, start};
use reqwest::StatusCode;
use serde_json::Value;

use crate::agent::{Agent, Page, Stop, app, call, parts, post, provider, refresh, text};

const GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";

async fn issued(provider: &Running) -> Value {
    let form = [("client_id", DEMO_CLIENT_ID), ("scope", DEMO_SCOPES)];
    let (status, issued) = post(provider, "/device_authorization", &form).await;
    assert_eq!(status, StatusCode::OK, "{issued}");
    issued
}

async fn ask(provider: &Running, issued: &Value) -> (StatusCode, Value) {
    let form = [
        ("grant_type", GRANT),
        ("client_id", DEMO_CLIENT_ID),
        ("device_code", text(issued, "device_code")),
    ];
    post(provider, "/token", &form).await
}

/// From the page that the link opens to the question whether to allow it.
async fn consent(agent: &Agent, issued: &Value) -> Page {
    let page = agent.open(text(issued, "verification_uri_complete")).await;
    let page = agent.press(&page.page(), "Continue", &[]).await.page();
    let page = agent
        .press(&page, "Use a demo name and password", &[])
        .await
        .page();
    let fields = [("username", "ada"), ("password", "demo")];
    agent.press(&page, "Sign in", &fields).await.page()
}

#[tokio::test]
async fn a_person_agrees_elsewhere_and_the_device_gets_tokens_once() {
    let provider = provider().await;
    let issued = issued(&provider).await;
    assert_eq!(issued["expires_in"], 600);
    assert_eq!(issued["interval"], 5);
    assert_eq!(
        text(&issued, "verification_uri"),
        format!("{}/device", provider.issuer())
    );
    let (status, pending) = ask(&provider, &issued).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert_eq!(pending["error"], "authorization_pending");

    let agent = Agent::new();
    let page = consent(&agent, &issued).await;
    let user_code = text(&issued, "user_code");
    assert!(page.text.contains(user_code), "{}", page.text);
    let end = agent.press(&page, "Allow", &[]).await.page();
    assert!(
        end.text.contains("Your device is signed in"),
        "{}",
        end.text
    );

    let (status, tokens) = ask(&provider, &issued).await;
    assert_eq!(status, StatusCode::OK, "{tokens}");
    let (_, claims) = parts(text(&tokens, "id_token"));
    assert_eq!(claims["preferred_username"], "ada");
    assert_eq!(claims.get("nonce"), None);
    let answer = call(&provider, "/api/me", text(&tokens, "access_token")).await;
    assert_eq!(answer.status(), StatusCode::OK);
    let (status, _) = refresh(&provider, text(&tokens, "refresh_token")).await;
    assert_eq!(status, StatusCode::OK);

    let (_, again) = ask(&provider, &issued).await;
    assert_eq!(again["error"], "invalid_grant");
    let counts = provider.counts();
    assert_eq!(counts.device_codes_redeemed, 1);
    assert_eq!(counts.device_codes_refused, 2);
}

#[tokio::test]
async fn a_device_that_hurries_is_told_to_slow_down_and_still_served() {
    let provider = provider().await;
    let issued = issued(&provider).await;
    let mut told = Vec::new();
    for _ in 0..3 {
        let (_, answer) = ask(&provider, &issued).await;
        told.push(text(&answer, "error").to_owned());
    }
    assert_eq!(told, ["authorization_pending", "slow_down", "slow_down"]);
    let agent = Agent::new();
    let page = consent(&agent, &issued).await;
    agent.press(&page, "Allow", &[]).await.page();
    let (status, _) = ask(&provider, &issued).await;
    assert_eq!(status, StatusCode::OK);
}

#[tokio::test]
async fn a_person_who_says_no_is_believed() {
    let provider = provider().await;
    // At the consent page.
    let issued_one = issued(&provider).await;
    let agent = Agent::new();
    let page = consent(&agent, &issued_one).await;
    let end = agent.press(&page, "Deny", &[]).await.page();
    assert!(end.text.contains("is not signed in"), "{}", end.text);
    let (_, answer) = ask(&provider, &issued_one).await;
    assert_eq!(answer["error"], "access_denied");
    // Before signing in.
    let issued_two = issued(&provider).await;
    let agent = Agent::new();
    let page = agent.open(text(&issued_two, "verification_uri_complete"));
    let page = agent.press(&page.await.page(), "Continue", &[]).await;
    agent.press(&page.page(), "Cancel", &[]).await.page();
    let (_, answer) = ask(&provider, &issued_two).await;
    assert_eq!(answer["error"], "access_denied");
}

#[tokio::test]
async fn whoever_is_signed_in_already_is_asked_nevertheless() {
    let provider = provider().await;
    let agent = Agent::new();
    let first = issued(&provider).await;
    let page = consent(&agent, &first).await;
    agent.press(&page, "Allow", &[]).await.page();

    let second = issued(&provider).await;
    let page = agent.open(text(&second, "verification_uri")).await.page();
    let typed = text(&second, "user_code").to_lowercase().replace('-', " ");
    let fields = [("user_code", typed.as_str())];
    let page = agent.press(&page, "Continue", &fields).await.page();
    assert!(page.text.contains("asks for access"), "{}", page.text);
    let (_, answer) = ask(&provider, &second).await;
    assert_eq!(answer["error"], "authorization_pending");
}

#[tokio::test]
async fn a_code_expires_for_device_and_person() {
    let provider = start(Config {
        port: 0,
        device_code_lifetime: Duration::ZERO,
        ..Config::default()
    });
    let provider = provider.await.unwrap();
    let issued = issued(&provider).await;
    let (status, answer) = ask(&provider, &issued).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert_eq!(answer["error"], "expired_token");
    let agent = Agent::new();
    let page = agent.open(text(&issued, "verification_uri_complete"));
    let page = agent
        .press(&page.await.page(), "Continue", &[])
        .await
        .page();
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.text.contains("No device waits for this code"));
}

#[tokio::test]
async fn requests_that_are_wrong_are_refused() {
    let provider = provider().await;
    for (form, error) in [
        (&[("scope", "openid")][..], "invalid_request"),
        (
            &[("client_id", "unknown"), ("scope", "openid")],
            "invalid_client",
        ),
        (
            &[("client_id", DEMO_CLIENT_ID), ("scope", "all")],
            "invalid_scope",
        ),
        (
            &[
                ("client_id", DEMO_CLIENT_ID),
                ("scope", "openid"),
                ("client_secret", "x"),
            ],
            "invalid_client",
        ),
        (
            &[
                ("client_id", DEMO_CLIENT_ID),
                ("scope", "openid"),
                ("max_age", "soon"),
            ],
            "invalid_request",
        ),
    ] {
        let (_, answer) = post(&provider, "/device_authorization", form).await;
        assert_eq!(answer["error"], error, "{form:?}");
    }
    let issued = issued(&provider).await;
    let code = text(&issued, "device_code");
    for (client, code, error) in [
        ("another", code, "invalid_grant"),
        (DEMO_CLIENT_ID, "rubbish", "invalid_grant"),
        (DEMO_CLIENT_ID, "", "invalid_request"),
        (DEMO_CLIENT_ID, text(&issued, "user_code"), "invalid_grant"),
    ] {
        let form = [
            ("grant_type", GRANT),
            ("client_id", client),
            ("device_code", code),
        ];
        let (_, answer) = post(&provider, "/token", &form).await;
        assert_eq!(answer["error"], error, "{client} {code}");
    }
}

#[tokio::test]
async fn nobody_can_send_an_answer_to_the_devices_end() {
    let provider = provider().await;
    let end = format!("{}/device/end", provider.issuer());
    let request = crate::agent::with(&[("redirect_uri", &end)]);
    let stop = Agent::new()
        .open(crate::agent::authorize_url(&provider, &request))
        .await;
    let Stop::Page(page) = stop else {
        panic!("it was answered");
    };
    assert!(page.text.contains("invalid_redirect_uri"));
}

#[tokio::test]
async fn the_metadata_names_endpoint_and_grant() {
    let provider = provider().await;
    let url = format!("{}/.well-known/openid-configuration", provider.issuer());
    let document = app().get(url).send().await.unwrap().bytes().await.unwrap();
    let document: Value = serde_json::from_slice(&document).unwrap();
    assert_eq!(
        document["device_authorization_endpoint"],
        format!("{}/device_authorization", provider.issuer())
    );
    let grants = document["grant_types_supported"].as_array().unwrap();
    assert!(grants.contains(&GRANT.into()));
}

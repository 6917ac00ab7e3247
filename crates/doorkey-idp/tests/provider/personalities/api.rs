//! Where the API is, and how it takes its token.

use reqwest::StatusCode;
use serde_json::json;

use super::play::Play;
use crate::agent::text;

#[tokio::test]
async fn the_api_is_at_the_provider_or_at_an_origin_of_its_own() {
    for (id, path, is_at_provider) in [
        ("passport", "/api/user", true),
        ("github", "/api/v3/user", true),
        ("flyte", "/me", true),
        ("oidc", "/api/me", false),
    ] {
        let play = Play::named(id).await;
        // Without a token, what is there says so.
        let status = play.get(path).await.status;
        let wanted = if is_at_provider {
            StatusCode::UNAUTHORIZED
        } else {
            StatusCode::NOT_FOUND
        };
        assert_eq!(status, wanted, "{id}");
        let base = format!("{}{}", play.provider.origin(), play.personality.api.base);
        assert_eq!(play.provider.api() == base, is_at_provider, "{id}");
    }
}

#[tokio::test]
async fn the_token_is_read_from_the_header_that_the_provider_names_and_no_other() {
    for (id, path, header, other) in [
        ("flyte", "/me", "flyte-authorization", "authorization"),
        ("oidc", "/api/me", "authorization", "flyte-authorization"),
    ] {
        let play = Play::named(id).await;
        let tokens = play.tokens().await;
        let token = text(&tokens, "access_token");
        let answer = play.call_with(path, header, token).await;
        assert_eq!(answer.status, StatusCode::OK, "{id}: {answer:?}");
        let refused = play.call_with(path, other, token).await;
        assert_eq!(refused.status, StatusCode::UNAUTHORIZED, "{id}");
    }
}

#[tokio::test]
async fn who_somebody_is_is_told_in_the_providers_words() {
    let play = Play::named("github").await;
    let tokens = play.tokens().await;
    assert_eq!(
        play.call("/user", &tokens).await.json(),
        json!({ "id": 1, "login": "ada", "name": "Ada Moreno", "email": "ada@example.com" })
    );
    let request = play.request_with(&[("scope", "read:user")]);
    let tokens = play.tokens_of(&request).await;
    assert_eq!(
        play.call("/user", &tokens).await.json()["email"],
        json!(null)
    );

    let play = Play::named("flyte").await;
    let tokens = play.tokens().await;
    let me = play.call("/me", &tokens).await.json();
    assert_eq!(me["subject"], "demo|ada");
    assert_eq!(me["preferred_username"], "ada");
}

#[tokio::test]
async fn a_missing_scope_is_named_as_the_provider_names_it() {
    for (id, scope, path, named) in [
        ("flyte", "offline", "/api/v1/projects", "all"),
        (
            "entra",
            "openid api://doorkey-demo/write",
            "/api/v1/projects",
            "api://doorkey-demo/read",
        ),
        ("oidc", "openid", "/api/v1/projects", "projects:read"),
    ] {
        let play = Play::named(id).await;
        let tokens = play
            .tokens_of(&play.request_with(&[("scope", scope)]))
            .await;
        let refused = play.call(path, &tokens).await;
        assert_eq!(
            refused.error(),
            (403, "insufficient_scope".to_owned()),
            "{id}"
        );
        let challenge = refused.headers["www-authenticate"].to_str().unwrap();
        let named = format!("scope=\"{named}\"");
        assert!(challenge.contains(&named), "{id}: {challenge}");
    }
}

//! What holds for every personality.

use doorkey_idp::{Personality, RefreshGiven};
use reqwest::StatusCode;

use super::play::Play;
use crate::agent::{parts, text};

#[tokio::test]
async fn each_signs_in_calls_and_refreshes() {
    for personality in Personality::all() {
        let id = personality.id;
        let play = Play::of(personality.clone()).await;
        let tokens = play.tokens().await;
        assert_eq!(
            tokens.get("id_token").is_some(),
            personality.tokens.id_token,
            "{id}: {tokens}"
        );
        for (path, _) in personality.api.resources {
            let path = path.strip_prefix(personality.api.base).unwrap();
            let answer = play.call(path, &tokens).await;
            assert_eq!(answer.status, StatusCode::OK, "{id} {path}: {answer:?}");
        }
        if personality.refresh.given == RefreshGiven::Never {
            assert!(tokens.get("refresh_token").is_none(), "{id}: {tokens}");
            continue;
        }
        let answer = play.refresh(text(&tokens, "refresh_token")).await;
        assert_eq!(answer.status, StatusCode::OK, "{id}: {answer:?}");
        let (path, _) = personality.api.resources[0];
        let path = path.strip_prefix(personality.api.base).unwrap();
        let called = play.call(path, &answer.json()).await;
        assert_eq!(called.status, StatusCode::OK, "{id}: {called:?}");
    }
}

#[tokio::test]
async fn id_tokens_name_the_issuer_and_access_tokens_one_that_may_be_another() {
    for (id, issuer, access_issuer) in [
        ("oidc", "", ""),
        ("auth0", "/", "/"),
        ("keycloak", "/realms/demo", "/realms/demo"),
        ("okta", "/oauth2/default", "/oauth2/default"),
        ("adfs", "/adfs", "/adfs/services/trust"),
    ] {
        let play = Play::named(id).await;
        let tokens = play.tokens().await;
        let origin = play.provider.origin();
        let (_, claims) = parts(text(&tokens, "id_token"));
        assert_eq!(claims["iss"], format!("{origin}{issuer}"), "{id}");
        assert_eq!(claims["iss"], play.provider.issuer(), "{id}");
        assert_eq!(claims["nonce"], "a-nonce", "{id}");
        let (_, claims) = parts(text(&tokens, "access_token"));
        assert_eq!(claims["iss"], format!("{origin}{access_issuer}"), "{id}");
    }
}

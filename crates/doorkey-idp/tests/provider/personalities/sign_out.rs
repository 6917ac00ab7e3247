//! Revocation, the end of the browser's session, and the answer to a device.

use reqwest::StatusCode;

use super::play::{Answer, Play, standard_but};
use crate::agent::{Agent, app, text};

impl Play {
    async fn revoke(&self, refresh_token: &str) -> Answer {
        let path = self.personality.addresses.revocation.unwrap();
        let form = [
            ("client_id", self.personality.client.client_id),
            ("token", refresh_token),
        ];
        let request = app().post(self.at(path)).form(&form);
        Answer::read(request.send().await.unwrap()).await
    }
}

#[tokio::test]
async fn revocation_is_for_everybody_or_for_clients_with_a_secret() {
    for (id, refuses) in [("oauth2", true), ("oidc", false), ("google", false)] {
        let play = Play::named(id).await;
        let tokens = play.tokens().await;
        let token = text(&tokens, "refresh_token");
        let answer = play.revoke(token).await;
        if refuses {
            assert_eq!(answer.error(), (401, "invalid_client".to_owned()), "{id}");
        } else {
            assert_eq!(answer.status, StatusCode::OK, "{id}: {answer:?}");
        }
        let is_good = play.refresh(token).await.status == StatusCode::OK;
        assert_eq!(is_good, refuses, "{id}");
    }
}

#[tokio::test]
async fn a_refresh_token_outlives_the_browsers_session_or_ends_with_it() {
    for (id, outlives) in [("adfs", true), ("oidc", true), ("keycloak", false)] {
        let play = Play::named(id).await;
        let agent = Agent::new();
        let page = play.consent(&agent, &play.request()).await;
        let home = agent.press(&page, "Allow", &[]).await.home();
        let tokens = play.redeem(&home["code"]).await.json();
        let path = play.personality.addresses.end_session.unwrap();
        let address = format!(
            "{}?id_token_hint={}",
            play.at(path),
            text(&tokens, "id_token")
        );
        let page = agent.open(address).await.page();
        assert_eq!(page.url.path(), "/signed-out", "{id}");
        let refreshed = play.refresh(text(&tokens, "refresh_token")).await;
        assert_eq!(refreshed.status == StatusCode::OK, outlives, "{id}");
    }
}

#[tokio::test]
async fn signing_out_leads_back_only_where_answers_go() {
    let play = Play::named("adfs").await;
    let tokens = play.tokens().await;
    let path = play.personality.addresses.end_session.unwrap();
    let to = |uri: &str| {
        let hint = text(&tokens, "id_token");
        let address = play.at(path);
        let query = [("id_token_hint", hint), ("post_logout_redirect_uri", uri)];
        let address = url::Url::parse_with_params(&address, query).unwrap();
        async move { Agent::new().open(address).await }
    };
    assert!(to("http://127.0.0.1:8714/callback").await.home().is_empty());
    for other in [
        "http://127.0.0.1:8717/callback",
        "http://127.0.0.1:8714/signed-out",
    ] {
        let page = to(other).await.page();
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{other}");
        assert!(page.text.contains("post_logout_redirect_uri"), "{other}");
    }
}

#[tokio::test]
async fn a_device_is_told_the_interval_or_not() {
    for tells_interval in [true, false] {
        let changed = standard_but(|standard| standard.device.tells_interval = tells_interval);
        let issued = Play::of(changed).await.device_code().await;
        assert_eq!(issued.get("interval").is_some(), tells_interval);
        assert!(issued.get("expires_in").is_some());
    }
}

//! The token endpoint, and what comes from it.

use std::collections::BTreeMap;

use doorkey_idp::{Encoding, Secret};
use reqwest::StatusCode;
use serde_json::Value;

use super::play::{Answer, Play, personality, standard_but};
use crate::agent::{app, parts, text};

#[tokio::test]
async fn a_body_may_be_json_where_the_provider_takes_it() {
    for (id, takes_json) in [("passport", true), ("oauth2", false)] {
        let play = Play::named(id).await;
        let home = play.sign_in(&play.request()).await;
        let redirect_uri = play.redirect_uri();
        let form = play.redemption(&home["code"], &redirect_uri);
        let object: BTreeMap<_, _> = form.iter().copied().collect();
        let response = play.token_request().json(&object).send().await.unwrap();
        let answer = Answer::read(response).await;
        if takes_json {
            assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
        } else {
            assert_eq!(answer.error(), (400, "invalid_request".to_owned()));
            // A form is taken everywhere.
            assert_eq!(play.token(&form).await.status, StatusCode::OK);
        }
    }
}

#[tokio::test]
async fn a_secret_is_demanded_in_the_body_or_the_header() {
    let play = Play::named("google").await;
    let redirect_uri = play.redirect_uri();
    let home = play.sign_in(&play.request()).await;
    let mut form = play.redemption(&home["code"], &redirect_uri);
    form.retain(|(name, _)| *name != "client_secret");
    assert_eq!(
        play.token(&form).await.error(),
        (400, "invalid_request".to_owned())
    );
    let wrong = [&form[..], &[("client_secret", "wrong")]].concat();
    let refused = play.token(&wrong).await;
    assert_eq!(refused.error(), (401, "invalid_client".to_owned()));
    assert!(refused.headers.contains_key("www-authenticate"));

    form.retain(|(name, _)| *name != "client_id");
    let client = &play.personality.client;
    let basic = play
        .token_request()
        .basic_auth(client.client_id, client.client_secret)
        .form(&form);
    let tokens = Answer::read(basic.send().await.unwrap()).await;
    assert_eq!(tokens.status, StatusCode::OK, "{tokens:?}");

    let tokens = tokens.json();
    let refresh = [
        ("grant_type", "refresh_token"),
        ("client_id", client.client_id),
        ("refresh_token", text(&tokens, "refresh_token")),
    ];
    assert_eq!(
        play.token(&refresh).await.error(),
        (400, "invalid_request".to_owned())
    );
}

#[tokio::test]
async fn devices_need_no_secret_where_only_codes_do() {
    for (secret, wanted) in [
        (Secret::Codes, (400, "authorization_pending")),
        (Secret::Tokens, (400, "invalid_request")),
    ] {
        let mut github = personality("github");
        github.tokens.secret = secret;
        github.tokens.errors_are_ok = false;
        let play = Play::of(github).await;
        let home = play.sign_in(&play.request()).await;
        let redirect_uri = play.redirect_uri();
        let mut form = play.redemption(&home["code"], &redirect_uri);
        form.retain(|(name, _)| *name != "client_secret");
        assert_eq!(
            play.token(&form).await.error(),
            (400, "invalid_request".to_owned())
        );
        let issued = play.device_code().await;
        let ask = play.ask(text(&issued, "device_code")).await;
        assert_eq!(ask.error(), (wanted.0, wanted.1.to_owned()), "{secret:?}");
    }
}

#[tokio::test]
async fn answers_are_forms_unless_json_is_accepted() {
    for (encoding, accept, is_form) in [
        (Encoding::FormUnlessAccepted, "", true),
        (Encoding::FormUnlessAccepted, "application/json", false),
        (Encoding::Form, "application/json", true),
        (Encoding::Json, "", false),
    ] {
        let mut github = personality("github");
        github.tokens.encoding = encoding;
        let play = Play::of(github).await;
        let home = play.sign_in(&play.request()).await;
        let redirect_uri = play.redirect_uri();
        let request = app()
            .post(play.at(play.personality.addresses.token))
            .header("accept", accept)
            .form(&play.redemption(&home["code"], &redirect_uri));
        let answer = Answer::read(request.send().await.unwrap()).await;
        let media_type = answer.headers["content-type"].to_str().unwrap();
        if is_form {
            assert_eq!(media_type, "application/x-www-form-urlencoded");
            let members: BTreeMap<String, String> =
                url::form_urlencoded::parse(answer.body.as_bytes())
                    .into_owned()
                    .collect();
            assert!(members["access_token"].starts_with("gho_"), "{members:?}");
            assert_eq!(members["scope"], "repo,read:user,user:email");
        } else {
            assert_eq!(media_type, "application/json");
            assert!(text(&answer.json(), "access_token").starts_with("gho_"));
        }
    }
}

#[tokio::test]
async fn an_error_may_come_with_status_200() {
    for (errors_are_ok, status) in [(true, 200), (false, 400)] {
        let mut github = personality("github");
        github.tokens.errors_are_ok = errors_are_ok;
        let play = Play::of(github).await;
        let refused = play.redeem("rubbish").await;
        assert_eq!(
            refused.error(),
            (status, "bad_verification_code".to_owned())
        );
        let issued = play.device_code().await;
        let pending = play.ask(text(&issued, "device_code")).await;
        assert_eq!(
            pending.error(),
            (status, "authorization_pending".to_owned())
        );
    }
}

#[tokio::test]
async fn a_refused_code_has_the_status_and_error_of_the_provider() {
    for (id, wanted) in [
        ("oauth2", (403, "invalid_code")),
        ("oidc", (400, "invalid_grant")),
    ] {
        let play = Play::named(id).await;
        let refused = play.redeem("rubbish").await;
        assert_eq!(refused.error(), (wanted.0, wanted.1.to_owned()), "{id}");
    }
}

#[tokio::test]
async fn tokens_without_expiry_say_nothing_of_it() {
    let play = Play::named("github").await;
    let tokens = play.tokens().await;
    assert_eq!(tokens.get("expires_in"), None);
    assert_eq!(tokens.get("refresh_token"), None);
    assert_eq!(tokens["token_type"], "bearer");
    let play = Play::named("oidc").await;
    let tokens = play.tokens().await;
    assert_eq!(tokens["expires_in"], 300);
    assert_eq!(tokens["token_type"], "Bearer");
}

#[tokio::test]
async fn opaque_tokens_tell_nothing_and_are_known_to_the_api() {
    let play = Play::named("google").await;
    let tokens = play.tokens().await;
    let token = text(&tokens, "access_token");
    assert!(token.starts_with("ya29."), "{token}");
    assert_eq!(play.call("/api/me", &tokens).await.status, StatusCode::OK);
    let mut damaged = tokens.clone();
    damaged["access_token"] = format!("{token}A").into();
    let refused = play.call("/api/me", &damaged).await;
    assert_eq!(refused.error(), (401, "invalid_token".to_owned()));
    // A token of another provider of the same kind is unknown here.
    let other = Play::named("google").await.tokens().await;
    assert_eq!(play.call("/api/me", &other).await.status, 401);

    let standard = Play::named("oidc").await.tokens().await;
    let (header, _) = parts(text(&standard, "access_token"));
    assert_eq!(header["typ"], "at+jwt");
}

#[tokio::test]
async fn scopes_are_told_or_not() {
    for tells_scope in [true, false] {
        let changed = standard_but(|standard| standard.tokens.tells_scope = tells_scope);
        let tokens = Play::of(changed).await.tokens().await;
        assert_eq!(tokens.get("scope").is_some(), tells_scope);
    }
}

#[tokio::test]
async fn there_are_id_tokens_or_none() {
    for id_token in [true, false] {
        let changed = standard_but(|standard| standard.tokens.id_token = id_token);
        let play = Play::of(changed).await;
        let tokens: Value = play.tokens().await;
        assert_eq!(tokens.get("id_token").is_some(), id_token);
    }
}

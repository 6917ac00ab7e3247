//! What an authorization request must and may say.

use doorkey_idp::{Proof, Resource};
use serde_json::Value;

use super::play::{Play, personality, standard_but};
use crate::agent::{Agent, CHALLENGE, VERIFIER, parts, text};

#[tokio::test]
async fn the_answer_names_the_issuer_or_does_not() {
    for (names_issuer, id) in [(true, "oidc"), (false, "passport"), (false, "github")] {
        let play = Play::named(id).await;
        let answer = play.sign_in(&play.request()).await;
        assert_eq!(answer.contains_key("iss"), names_issuer, "{id}");
        let wrong = play.request_with(&[("response_type", "token")]);
        let answer = play.open(&wrong).await.home();
        assert_eq!(answer.contains_key("iss"), names_issuer, "{id}");
    }
}

#[tokio::test]
async fn prompts_that_a_provider_does_not_know_are_refused() {
    for (id, prompt, error) in [
        ("adfs", "select_account", Some("invalid_request")),
        ("adfs", "consent", Some("invalid_request")),
        ("adfs", "none", Some("login_required")),
        ("passport", "select_account", Some("invalid_request")),
        ("google", "login", Some("invalid_request")),
        ("oidc", "none", Some("login_required")),
        ("oidc", "select_account", None),
        ("entra", "select_account", None),
    ] {
        let play = Play::named(id).await;
        let stop = play.open(&play.request_with(&[("prompt", prompt)])).await;
        match error {
            Some(error) => assert_eq!(stop.home()["error"], error, "{id} {prompt}"),
            None => assert_eq!(stop.page().url.path(), "/login", "{id} {prompt}"),
        }
    }
}

#[tokio::test]
async fn a_challenge_without_a_method_is_plain_where_the_provider_says_so() {
    let plain = [("code_challenge", VERIFIER), ("code_challenge_method", "")];
    let hash_without_method = [("code_challenge", CHALLENGE), ("code_challenge_method", "")];

    let play = Play::named("passport").await;
    play.tokens_of(&play.request_with(&plain)).await;
    // A hash without its method is taken for the verifier, which then does not match.
    let home = play.sign_in(&play.request_with(&hash_without_method)).await;
    let refused = play.redeem(&home["code"]).await;
    assert_eq!(refused.error(), (400, "invalid_grant".to_owned()));
    let missing = play.request_with(&[("code_challenge", ""), ("code_challenge_method", "")]);
    assert_eq!(play.open(&missing).await.home()["error"], "invalid_request");

    let strict = Play::named("oauth2").await;
    let answer = strict.open(&strict.request_with(&plain)).await.home();
    assert_eq!(answer["error"], "invalid_request");
}

#[tokio::test]
async fn pkce_may_be_left_out_where_it_is_optional_but_not_half_of_it() {
    let none = [("code_challenge", ""), ("code_challenge_method", "")];
    for (proof, is_optional) in [(Proof::Optional, true), (Proof::S256, false)] {
        let play = Play::of(standard_but(|standard| {
            standard.authorization.proof = proof
        }))
        .await;
        if !is_optional {
            let answer = play.open(&play.request_with(&none)).await.home();
            assert_eq!(answer["error"], "invalid_request");
            continue;
        }
        let redirect_uri = play.redirect_uri();
        let without_verifier = |code| {
            let mut form = play.redemption(code, &redirect_uri);
            form.retain(|(name, _)| *name != "code_verifier");
            form
        };
        let home = play.sign_in(&play.request_with(&none)).await;
        let downgraded = play.redeem(&home["code"]).await;
        assert_eq!(downgraded.error(), (400, "invalid_grant".to_owned()));
        let answer = play.token(&without_verifier(&home["code"])).await;
        assert_eq!(answer.status, 200, "{answer:?}");

        let home = play.sign_in(&play.request()).await;
        let answer = play.token(&without_verifier(&home["code"])).await;
        assert_eq!(answer.error(), (400, "invalid_grant".to_owned()));
        assert_eq!(play.redeem(&home["code"]).await.status, 200);
    }
}

#[tokio::test]
async fn without_an_audience_the_token_is_good_for_userinfo_only() {
    let play = Play::named("auth0").await;
    let tokens = play
        .tokens_of(&play.request_with(&[("audience", "")]))
        .await;
    let opaque = text(&tokens, "access_token");
    assert!(!opaque.contains('.'), "{opaque}");
    assert_eq!(play.call("/api/me", &tokens).await.status, 401);
    assert_eq!(play.userinfo(&tokens).await["preferred_username"], "ada");
    assert_eq!(
        text(&tokens, "scope"),
        "openid profile email offline_access"
    );
    // A refresh does not make more of it.
    let again = play.refresh(text(&tokens, "refresh_token")).await.json();
    assert_eq!(play.call("/api/me", &again).await.status, 401);

    let tokens = play.tokens().await;
    let (_, claims) = parts(text(&tokens, "access_token"));
    assert_eq!(claims["aud"], play.provider.api());
    assert_eq!(play.call("/api/me", &tokens).await.status, 200);
    let other = play.request_with(&[("audience", "https://other.example")]);
    assert_eq!(play.open(&other).await.home()["error"], "access_denied");

    // Where the API need not be named, `audience` means nothing.
    let standard = Play::named("oidc").await;
    let request = standard.request_with(&[("audience", "")]);
    let tokens = standard.tokens_of(&request).await;
    assert_eq!(standard.call("/api/me", &tokens).await.status, 200);
}

#[tokio::test]
async fn the_resource_is_inside_a_scope_or_a_parameter_and_there_is_one() {
    const API: &str = "api://doorkey-demo";
    for (id, scope, resource, wanted) in [
        ("entra", "openid api://doorkey-demo/read", "", Ok(API)),
        (
            "entra",
            "openid",
            "",
            Ok("00000003-0000-0000-c000-000000000000"),
        ),
        ("entra", "openid", API, Err("invalid_request")),
        (
            "entra",
            "openid api://doorkey-demo/read https://graph.microsoft.com/User.Read",
            "",
            Err("invalid_resource"),
        ),
        (
            "entra",
            "openid api://other/read",
            "",
            Err("invalid_resource"),
        ),
        ("adfs", "openid api://doorkey-demo/read", "", Ok(API)),
        ("adfs", "openid", API, Ok(API)),
        ("adfs", "openid api://doorkey-demo/read", API, Ok(API)),
        ("adfs", "openid", "", Ok("urn:microsoft:userinfo")),
        (
            "adfs",
            "openid api://doorkey-demo/read",
            "https://other.example",
            Err("invalid_resource"),
        ),
        (
            "adfs",
            "openid",
            "https://other.example",
            Err("invalid_resource"),
        ),
        (
            "adfs",
            "openid api://doorkey-demo/nothing",
            "",
            Err("invalid_scope"),
        ),
    ] {
        let play = Play::named(id).await;
        let request = play.request_with(&[("scope", scope), ("resource", resource)]);
        match wanted {
            Ok(audience) => {
                let tokens = play.tokens_of(&request).await;
                let (_, claims) = parts(text(&tokens, "access_token"));
                assert_eq!(claims["aud"], audience, "{id} {scope} {resource}");
                let is_for_the_api = play.call("/api/me", &tokens).await.status == 200;
                assert_eq!(is_for_the_api, audience == API, "{id} {scope} {resource}");
            }
            Err(error) => {
                let answer = play.open(&request).await.home();
                assert_eq!(answer["error"], error, "{id} {scope} {resource}");
            }
        }
    }
    let indicated = standard_but(|standard| {
        standard.authorization.resource = Resource::Indicator;
    });
    let play = Play::of(indicated).await;
    let other = play.request_with(&[("resource", "https://other.example")]);
    assert_eq!(play.open(&other).await.home()["error"], "invalid_target");
}

#[tokio::test]
async fn the_person_may_allow_a_part() {
    let play = Play::named("google").await;
    let agent = Agent::new();
    let page = play.consent(&agent, &play.request()).await;
    let cloud = "https://www.googleapis.com/auth/cloud-platform";
    assert!(page.text.contains(cloud), "{}", page.text);
    // The third choice: sign-in itself is none, then come e-mail and profile. A box that is not ticked is not sent.
    let home = agent
        .press(&page, "Allow", &[("choice-2", "")])
        .await
        .home();
    let tokens = play.redeem(&home["code"]).await.json();
    assert_eq!(text(&tokens, "scope"), "openid email profile");
    assert_eq!(play.call("/api/me", &tokens).await.status, 200);
    let refused = play.call("/api/v1/projects", &tokens).await;
    assert_eq!(refused.error(), (403, "insufficient_scope".to_owned()));

    // Elsewhere there is nothing to choose, and what is sent of it means nothing.
    let whole = Play::named("oidc").await;
    let agent = Agent::new();
    let page = whole.consent(&agent, &whole.request()).await;
    assert!(!page.text.contains("choice-"), "{}", page.text);
}

#[tokio::test]
async fn whoever_has_agreed_before_is_asked_again_where_the_provider_does_that() {
    for (id, asks) in [("auth0", true), ("oidc", false)] {
        let play = Play::named(id).await;
        let agent = Agent::new();
        let page = play.consent(&agent, &play.request()).await;
        agent.press(&page, "Allow", &[]).await.home();

        let silent = play.request_with(&[("prompt", "none")]);
        let answer = agent.open(play.authorize_url(&silent)).await.home();
        assert_eq!(answer.contains_key("code"), !asks, "{id}");
        let again = agent.open(play.authorize_url(&play.request())).await;
        let home = if asks {
            agent.press(&again.page(), "Allow", &[]).await.home()
        } else {
            again.home()
        };
        assert_eq!(play.redeem(&home["code"]).await.status, 200, "{id}");
    }
}

#[tokio::test]
async fn unknown_scopes_are_left_out_or_refused_and_none_may_do() {
    for (id, scope, wanted) in [
        ("oidc", "openid made-up", Ok(Some("openid"))),
        ("oidc", "", Err("invalid_scope")),
        ("passport", "made-up", Err("invalid_scope")),
        // It does not say which scopes it has granted.
        ("passport", "", Ok(None)),
        ("okta", "openid made-up", Err("invalid_scope")),
        (
            "github",
            "user:email made-up read:user",
            Ok(Some("read:user,user:email")),
        ),
        ("github", "", Ok(Some(""))),
        ("flyte", "offline all", Ok(Some("all offline"))),
    ] {
        let play = Play::of(personality(id)).await;
        let request = play.request_with(&[("scope", scope)]);
        match wanted {
            Ok(granted) => {
                let tokens = play.tokens_of(&request).await;
                assert_eq!(tokens["scope"], Value::from(granted), "{id} {scope:?}");
            }
            Err(error) => {
                let answer = play.open(&request).await.home();
                assert_eq!(answer["error"], error, "{id} {scope:?}");
            }
        }
    }
}

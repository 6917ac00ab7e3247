//! The whole story, step by step.

use doorkey_idp::DEMO_CLIENT_ID;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, jwk::JwkSet};
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::agent::{
    Agent, app, authorize_url, call, left_half_of_hash, parts, post, provider, redeem, refresh,
    request, text, with,
};

#[tokio::test]
async fn from_the_button_to_signed_out() {
    let provider = provider().await;
    let agent = Agent::new();

    let choice = agent
        .open(authorize_url(&provider, &request()))
        .await
        .page();
    assert_eq!(choice.url.path(), "/login");
    let upstream = agent
        .press(&choice, "Continue with Demo Upstream", &[])
        .await
        .page();
    assert!(upstream.url.as_str().starts_with(provider.upstream()));
    let consent = agent
        .press(
            &upstream,
            "Sign in",
            &[("username", "ada"), ("password", "demo")],
        )
        .await
        .page();
    assert!(consent.url.as_str().starts_with(provider.issuer()));
    for words in [
        "Doorkey asks for access",
        "Ada Moreno",
        "See your projects",
        "127.0.0.1:9",
    ] {
        assert!(consent.text.contains(words), "{words}: {}", consent.text);
    }
    let answer = agent.press(&consent, "Allow", &[]).await.home();
    assert_eq!(answer["state"], "a state & more=");
    assert_eq!(answer["iss"], provider.issuer());

    let (status, tokens) = redeem(&provider, &answer["code"]).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(tokens["token_type"], "Bearer");
    assert_eq!(tokens["expires_in"], 300);
    let me: Value = call(&provider, "/api/me", text(&tokens, "access_token"))
        .await
        .json()
        .await
        .unwrap();
    assert_eq!(me["id"], "upstream|ada");
    assert_eq!(me["email"], "ada@example.com");

    let (status, second) = refresh(&provider, text(&tokens, "refresh_token")).await;
    assert_eq!(status, StatusCode::OK);
    assert_ne!(second["refresh_token"], tokens["refresh_token"]);
    let second_access = text(&second, "access_token");
    assert_eq!(
        call(&provider, "/api/me", second_access).await.status(),
        StatusCode::OK
    );

    // The old refresh token comes back: everything of this sign-in ends.
    let (status, body) = refresh(&provider, text(&tokens, "refresh_token")).await;
    assert_eq!(
        (status, &body["error"]),
        (StatusCode::BAD_REQUEST, &json!("invalid_grant"))
    );
    let (status, _) = refresh(&provider, text(&second, "refresh_token")).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert_eq!(
        call(&provider, "/api/me", second_access).await.status(),
        StatusCode::UNAUTHORIZED
    );

    // The browser is still signed in and has agreed: no page in between.
    let answer = agent
        .open(authorize_url(&provider, &request()))
        .await
        .home();
    let (_, third) = redeem(&provider, &answer["code"]).await;
    let form = [
        ("client_id", DEMO_CLIENT_ID),
        ("token", text(&third, "refresh_token")),
    ];
    assert_eq!(post(&provider, "/revoke", &form).await.0, StatusCode::OK);
    let revoked = call(&provider, "/api/me", text(&third, "access_token")).await;
    assert_eq!(revoked.status(), StatusCode::UNAUTHORIZED);

    let hint = text(&third, "id_token");
    let out = format!("{}/logout?id_token_hint={hint}", provider.issuer());
    let page = agent.open(out).await.page();
    assert_eq!(page.url.path(), "/signed-out");
    let page = agent
        .open(authorize_url(&provider, &request()))
        .await
        .page();
    assert_eq!(page.url.path(), "/login");

    let counts = provider.counts();
    assert_eq!(counts.codes_redeemed, 2);
    assert_eq!((counts.refreshes, counts.refreshes_refused), (1, 2));
    assert_eq!((counts.reuses_detected, counts.revocations), (1, 1));
    assert_eq!((counts.api_calls, counts.api_refusals), (2, 2));
    assert_eq!(counts.codes_refused, 0);
    provider.shutdown().await;
}

#[tokio::test]
async fn tokens_say_what_the_standards_want_and_verify_with_published_keys() {
    let provider = provider().await;
    let answer = Agent::new().sign_in(&provider, &request()).await;
    let (_, tokens) = redeem(&provider, &answer["code"]).await;
    let (access, id) = (text(&tokens, "access_token"), text(&tokens, "id_token"));

    let (header, claims) = parts(access);
    assert_eq!(
        (&header["typ"], &header["alg"]),
        (&json!("at+jwt"), &json!("ES256"))
    );
    assert_eq!(claims["iss"], provider.issuer());
    assert_eq!(claims["aud"], provider.api());
    assert_eq!(claims["sub"], "upstream|ada");
    assert_eq!(claims["client_id"], DEMO_CLIENT_ID);
    assert_eq!(claims["scope"], doorkey_idp::DEMO_SCOPES);

    let set: JwkSet = app()
        .get(format!("{}/jwks", provider.issuer()))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let kid = parts(id).0["kid"].as_str().unwrap().to_owned();
    let key = DecodingKey::from_jwk(set.find(&kid).unwrap()).unwrap();
    let mut validation = Validation::new(Algorithm::ES256);
    validation.set_audience(&[DEMO_CLIENT_ID]);
    validation.set_issuer(&[provider.issuer()]);
    let claims = jsonwebtoken::decode::<Value>(id, &key, &validation)
        .unwrap()
        .claims;
    assert_eq!(claims["nonce"], "a-nonce");
    assert_eq!(claims["at_hash"], left_half_of_hash(access));
    assert_eq!(claims["name"], "Ada Moreno");
    assert_eq!(claims["preferred_username"], "ada");
    assert_eq!(claims["email"], "ada@example.com");
    assert_eq!(claims["identity_provider"], provider.upstream());
    assert!(claims["auth_time"].as_i64().unwrap() <= claims["iat"].as_i64().unwrap());

    let picture = app().get(claims["picture"].as_str().unwrap()).send().await;
    let picture = picture.unwrap();
    assert_eq!(picture.headers()["content-type"], "image/png");

    let info: Value = app()
        .get(format!("{}/userinfo", provider.issuer()))
        .bearer_auth(access)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    for claim in ["sub", "name", "email", "picture"] {
        assert_eq!(info[claim], claims[claim], "{claim}");
    }
}

#[tokio::test]
async fn claims_and_refresh_token_follow_the_scopes() {
    let provider = provider().await;
    let agent = Agent::new();
    let answer = agent
        .sign_in(&provider, &with(&[("scope", "openid email unheard-of")]))
        .await;
    let (_, tokens) = redeem(&provider, &answer["code"]).await;
    assert_eq!(tokens["scope"], "openid email");
    assert!(tokens.get("refresh_token").is_none());
    let (_, claims) = parts(text(&tokens, "id_token"));
    assert_eq!(claims["email"], "ada@example.com");
    assert!(claims.get("name").is_none() && claims.get("picture").is_none());

    let page = agent
        .open(authorize_url(
            &provider,
            &with(&[("scope", "projects:read")]),
        ))
        .await
        .page();
    assert!(
        page.text.contains("See your projects"),
        "a new scope is asked for"
    );
    let answer = agent.press(&page, "Allow", &[]).await.home();
    let (_, tokens) = redeem(&provider, &answer["code"]).await;
    assert!(
        tokens.get("id_token").is_none(),
        "plain OAuth has no ID token"
    );
}

#[tokio::test]
async fn a_demo_name_and_password_do_as_well_and_a_wrong_one_does_not() {
    let provider = provider().await;
    let agent = Agent::new();
    let request = with(&[("login_hint", "grace")]);
    let page = agent.open(authorize_url(&provider, &request)).await.page();
    let page = agent
        .press(&page, "Use a demo name and password", &[])
        .await
        .page();
    assert!(
        page.text.contains("value=\"grace\""),
        "the hint is filled in"
    );
    let page = agent
        .press(&page, "Sign in", &[("password", "wrong")])
        .await
        .page();
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.text.contains("do not go together"));
    let page = agent
        .press(&page, "Sign in", &[("password", "demo")])
        .await
        .page();
    assert!(page.text.contains("Grace Okafor"));
    let answer = agent.press(&page, "Allow", &[]).await.home();
    let (_, tokens) = redeem(&provider, &answer["code"]).await;
    let (_, claims) = parts(text(&tokens, "id_token"));
    assert_eq!(claims["sub"], "demo|grace");
    assert_eq!(
        claims["identity_provider"],
        provider.issuer(),
        "nobody else was asked"
    );
}

#[tokio::test]
async fn deny_and_cancel_tell_the_app() {
    let provider = provider().await;
    let agent = Agent::new();
    let page = agent
        .open(authorize_url(&provider, &request()))
        .await
        .page();
    let answer = agent.press(&page, "Cancel", &[]).await.home();
    assert_eq!(answer["error"], "access_denied");
    assert_eq!(answer["state"], "a state & more=");
    assert_eq!(answer["iss"], provider.issuer());

    let page = agent
        .press(&page, "Continue with Demo Upstream", &[])
        .await
        .page();
    let page = agent
        .press(
            &page,
            "Sign in",
            &[("username", "ada"), ("password", "demo")],
        )
        .await
        .page();
    let answer = agent.press(&page, "Deny", &[]).await.home();
    assert_eq!(answer["error"], "access_denied");
    assert!(!answer.contains_key("code"));
}

#[tokio::test]
async fn nobody_comes_home_as_the_person_before() {
    let provider = provider().await;
    let agent = Agent::new();
    agent.sign_in(&provider, &request()).await;
    let page = agent
        .open(authorize_url(&provider, &with(&[("prompt", "consent")])))
        .await
        .page();
    assert!(page.text.contains("Ada Moreno"));

    // "Not you?", while the first page stays open.
    let other = page
        .url
        .join(&format!("/login?{}", page.url.query().unwrap()));
    let choice = agent.open(other.unwrap()).await.page();
    let sign_in = agent
        .press(&choice, "Continue with Demo Upstream", &[])
        .await
        .page();
    let grace = agent
        .press(
            &sign_in,
            "Sign in",
            &[("username", "grace"), ("password", "demo")],
        )
        .await
        .page();
    assert!(grace.text.contains("Grace Okafor"), "{}", grace.text);
    let again = agent.press(&page, "Allow", &[]).await.page();
    assert!(
        again.text.contains("Grace Okafor"),
        "Ada's page must not speak for Grace"
    );
}

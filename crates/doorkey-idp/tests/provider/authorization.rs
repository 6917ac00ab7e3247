//! Authorization requests: what is refused, and to whom that is told.

use doorkey_idp::{Client, RunningError};
use reqwest::StatusCode;

use crate::agent::{
    Agent, REDIRECT_URI, Stop, app, authorize_url, parts, provider, redeem, request, text, with,
};

#[tokio::test]
async fn without_a_trustworthy_address_the_person_is_told_on_a_page() {
    let provider = provider().await;
    for (changes, code) in [
        (vec![("client_id", "unknown")], "invalid_client"),
        (vec![("client_id", "")], "invalid_request"),
        (vec![("redirect_uri", "")], "invalid_request"),
        (
            vec![("redirect_uri", "http://127.0.0.1.example.com/callback")],
            "invalid_redirect_uri",
        ),
        (
            vec![("redirect_uri", "https://evil.example/callback")],
            "invalid_redirect_uri",
        ),
        (
            vec![("redirect_uri", "http://127.0.0.1:9/callback/../x")],
            "invalid_redirect_uri",
        ),
    ] {
        let page = Agent::new()
            .open(authorize_url(&provider, &with(&changes)))
            .await
            .page();
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{changes:?}");
        assert!(page.text.contains(code), "{changes:?}: {}", page.text);
        assert!(!page.text.contains("evil.example"), "nothing is echoed");
    }
    let mut twice = authorize_url(&provider, &request());
    twice
        .query_pairs_mut()
        .append_pair("redirect_uri", "http://127.0.0.1:10/callback");
    assert_eq!(
        Agent::new().open(twice).await.page().status,
        StatusCode::BAD_REQUEST
    );
}

#[tokio::test]
async fn other_mistakes_go_back_to_the_app_with_state_and_issuer() {
    let provider = provider().await;
    let long = "x".repeat(5000);
    for (changes, error) in [
        (
            vec![("response_type", "token")],
            "unsupported_response_type",
        ),
        (
            vec![("response_type", "code id_token")],
            "unsupported_response_type",
        ),
        (vec![("response_type", "")], "invalid_request"),
        (vec![("response_mode", "fragment")], "invalid_request"),
        (vec![("code_challenge", "")], "invalid_request"),
        (vec![("code_challenge_method", "plain")], "invalid_request"),
        (vec![("code_challenge_method", "")], "invalid_request"),
        (vec![("code_challenge", "too-short")], "invalid_request"),
        (vec![("scope", "")], "invalid_scope"),
        (vec![("scope", "made-up")], "invalid_scope"),
        (vec![("prompt", "none login")], "invalid_request"),
        (vec![("prompt", "create")], "invalid_request"),
        (vec![("max_age", "-1")], "invalid_request"),
        (vec![("nonce", long.as_str())], "invalid_request"),
        (vec![("request", "x")], "request_not_supported"),
        (vec![("request_uri", "urn:x")], "request_uri_not_supported"),
        (
            vec![("resource", "https://other.example")],
            "invalid_target",
        ),
        (vec![("id_token_hint", "rubbish")], "invalid_request"),
        (vec![("prompt", "none")], "login_required"),
    ] {
        let answer = Agent::new()
            .open(authorize_url(&provider, &with(&changes)))
            .await
            .home();
        assert_eq!(answer["error"], error, "{changes:?}");
        assert_eq!(answer["state"], "a state & more=", "{changes:?}");
        assert_eq!(answer["iss"], provider.issuer(), "{changes:?}");
        assert!(!answer.contains_key("code"));
    }
    let mut twice = authorize_url(&provider, &request());
    twice.query_pairs_mut().append_pair("scope", "openid");
    let answer = Agent::new().open(twice).await.home();
    assert_eq!(answer["error"], "invalid_request");
}

#[tokio::test]
async fn any_loopback_port_and_the_registered_scheme_are_answered() {
    let provider = provider().await;
    for redirect_uri in [
        "http://127.0.0.1:49152/callback",
        "http://[::1]:49152/callback",
        "http://localhost:49152/callback",
        "dev.doorkey.app:/callback",
    ] {
        let request = with(&[("redirect_uri", redirect_uri), ("prompt", "none")]);
        let url = authorize_url(&provider, &request);
        let response = app().get(url).send().await.unwrap();
        let location = response.headers()["location"].to_str().unwrap();
        let expected = format!("{redirect_uri}?error=login_required&");
        assert!(location.starts_with(&expected), "{location}");
    }
}

#[tokio::test]
async fn other_clients_can_be_registered() {
    let provider = provider().await;
    let client = Client {
        id: "another".to_owned(),
        name: "Another app".to_owned(),
        redirect_uris: vec![REDIRECT_URI.to_owned()],
        post_logout_redirect_uris: Vec::new(),
    };
    provider.register(client).await.unwrap();
    let page = Agent::new()
        .open(authorize_url(&provider, &with(&[("client_id", "another")])))
        .await
        .page();
    assert!(page.text.contains("to continue to Another app"));

    let hostile = Client {
        id: "hostile".to_owned(),
        name: "Hostile".to_owned(),
        redirect_uris: vec!["javascript:alert(1)".to_owned()],
        post_logout_redirect_uris: Vec::new(),
    };
    let refused = provider.register(hostile).await.unwrap_err();
    assert!(matches!(refused, RunningError::UnusableUri { .. }));
}

#[tokio::test]
async fn a_max_age_is_kept_by_the_upstream_as_well() {
    let provider = provider().await;
    let agent = Agent::new();
    agent.sign_in(&provider, &request()).await;
    // Signed out at the broker, still signed in at the upstream.
    let page = agent
        .open(format!("{}/logout", provider.issuer()))
        .await
        .page();
    agent.press(&page, "Sign out", &[]).await.page();

    let request = with(&[("max_age", "3600")]);
    let page = agent.open(authorize_url(&provider, &request)).await.page();
    let page = agent
        .press(&page, "Continue with Demo Upstream", &[])
        .await
        .page();
    assert!(page.text.contains("name=\"password\""), "{}", page.text);
}

#[tokio::test]
async fn prompt_and_max_age_decide_whether_a_session_counts() {
    let provider = provider().await;
    let agent = Agent::new();
    let first = agent.sign_in(&provider, &request()).await;
    let (_, first) = redeem(&provider, &first["code"]).await;
    let open = |changes: Vec<(&'static str, &'static str)>| {
        let url = authorize_url(&provider, &with(&changes));
        let agent = &agent;
        async move { agent.open(url).await }
    };
    assert!(
        open(vec![("prompt", "none")])
            .await
            .home()
            .contains_key("code")
    );
    assert!(
        open(vec![("max_age", "3600")])
            .await
            .home()
            .contains_key("code")
    );
    assert_eq!(
        open(vec![("prompt", "login")]).await.page().url.path(),
        "/login"
    );
    assert_eq!(
        open(vec![("prompt", "select_account")])
            .await
            .page()
            .url
            .path(),
        "/login"
    );
    assert_eq!(
        open(vec![("prompt", "consent")]).await.page().url.path(),
        "/consent"
    );
    // A sign-in is a few milliseconds old by now, and zero allows none.
    assert_eq!(
        open(vec![("max_age", "0")]).await.page().url.path(),
        "/login"
    );
    let answer = open(vec![("prompt", "none"), ("max_age", "0")])
        .await
        .home();
    assert_eq!(answer["error"], "login_required");

    // Signing in again really asks for the password again, at the upstream too.
    let page = open(vec![("prompt", "login")]).await.page();
    let page = agent
        .press(&page, "Continue with Demo Upstream", &[])
        .await
        .page();
    assert!(page.url.as_str().starts_with(provider.upstream()));
    let page = agent
        .press(
            &page,
            "Sign in",
            &[("username", "linus"), ("password", "demo")],
        )
        .await
        .page();
    let answer = agent.press(&page, "Allow", &[]).await.home();
    let (_, second) = redeem(&provider, &answer["code"]).await;
    assert_eq!(parts(text(&second, "id_token")).1["sub"], "upstream|linus");

    // Somebody else is signed in than the hint says.
    let mut request = with(&[("prompt", "none")]);
    request.insert("id_token_hint", text(&first, "id_token").to_owned());
    let answer = agent.open(authorize_url(&provider, &request)).await.home();
    assert_eq!(answer["error"], "login_required");
    request.insert("id_token_hint", text(&second, "id_token").to_owned());
    let answer = agent.open(authorize_url(&provider, &request)).await.home();
    assert!(answer.contains_key("code"));
}

#[tokio::test]
async fn form_post_answers_with_a_form_and_a_button() {
    let provider = provider().await;
    let agent = Agent::new();
    agent.sign_in(&provider, &request()).await;
    let request = with(&[("response_mode", "form_post")]);
    let Stop::Page(page) = agent.open(authorize_url(&provider, &request)).await else {
        panic!("form_post must not redirect");
    };
    assert!(page.text.contains(&format!("action=\"{REDIRECT_URI}\"")));
    assert!(page.text.contains("name=\"code\""));
    assert!(page.text.contains("value=\"a state &amp; more=\""));
    assert!(page.text.contains("Continue</button>"));
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("script-src 'sha256-"), "{policy}");
    assert!(
        policy.contains("form-action 'self' http://127.0.0.1:9"),
        "{policy}"
    );
    assert!(!policy.contains("unsafe"), "{policy}");
}

#[tokio::test]
async fn a_page_of_one_browser_is_worth_nothing_in_another() {
    let provider = provider().await;
    let (victim, attacker) = (Agent::new(), Agent::new());
    let page = attacker
        .open(authorize_url(&provider, &request()))
        .await
        .page();
    let stolen = victim.open(&page.url).await.page();
    assert_eq!(stolen.status, StatusCode::BAD_REQUEST);
    assert!(stolen.text.contains("too old"));

    // The same half way: the upstream's answer belongs to the browser that asked.
    let upstream = attacker
        .press(&page, "Continue with Demo Upstream", &[])
        .await
        .page();
    let refused = victim
        .press(
            &upstream,
            "Sign in",
            &[("username", "ada"), ("password", "demo")],
        )
        .await
        .page();
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
}

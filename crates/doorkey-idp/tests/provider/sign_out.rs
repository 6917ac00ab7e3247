//! RP-initiated logout.

use reqwest::StatusCode;
use url::Url;

use crate::agent::{Agent, app, authorize_url, parts, provider, redeem, request, text};

const BACK: &str = "http://127.0.0.1:9/callback";

#[tokio::test]
async fn with_a_hint_the_browser_comes_back_with_state() {
    let provider = provider().await;
    let agent = Agent::new();
    let answer = agent.sign_in(&provider, &request()).await;
    let (_, tokens) = redeem(&provider, &answer["code"]).await;
    let out = Url::parse_with_params(
        &format!("{}/logout", provider.issuer()),
        [
            ("id_token_hint", text(&tokens, "id_token")),
            ("client_id", "doorkey-desktop"),
            ("post_logout_redirect_uri", BACK),
            ("state", "s"),
        ],
    )
    .unwrap();
    let answer = agent.open(out).await.home();
    assert_eq!(
        answer.into_iter().collect::<Vec<_>>(),
        [("state".to_owned(), "s".to_owned())]
    );
    let page = agent
        .open(authorize_url(&provider, &request()))
        .await
        .page();
    assert_eq!(page.url.path(), "/login");
}

#[tokio::test]
async fn without_a_hint_the_person_is_asked_and_may_stay() {
    let provider = provider().await;
    let agent = Agent::new();
    agent.sign_in(&provider, &request()).await;
    let logout = format!("{}/logout", provider.issuer());

    let page = agent.open(&logout).await.page();
    assert!(page.text.contains("Sign out here too?") && page.text.contains("Ada Moreno"));
    let stayed = agent.press(&page, "Stay signed in", &[]).await.page();
    assert!(stayed.text.contains("still signed in"));
    assert!(
        agent
            .open(authorize_url(&provider, &request()))
            .await
            .home()
            .contains_key("code")
    );

    let page = agent
        .open(format!("{logout}?id_token_hint=rubbish"))
        .await
        .page();
    let left = agent.press(&page, "Sign out", &[]).await.page();
    assert_eq!(left.url.path(), "/signed-out");
    let page = agent
        .open(authorize_url(&provider, &request()))
        .await
        .page();
    assert_eq!(page.url.path(), "/login");
}

#[tokio::test]
async fn another_site_cannot_sign_anybody_out() {
    let provider = provider().await;
    let agent = Agent::new();
    let answer = agent.sign_in(&provider, &request()).await;
    let (_, tokens) = redeem(&provider, &answer["code"]).await;
    let confirm = format!("{}/logout/confirm", provider.issuer());
    let form = [
        ("decision", "sign-out"),
        ("question", text(&tokens, "id_token")),
    ];
    let forged = app().post(confirm).form(&form).send().await.unwrap();
    assert_eq!(forged.status(), StatusCode::BAD_REQUEST);
    assert!(
        agent
            .open(authorize_url(&provider, &request()))
            .await
            .home()
            .contains_key("code")
    );

    // An ID token of somebody else is no permission either.
    let other = Agent::new();
    let page = other
        .open(authorize_url(&provider, &request()))
        .await
        .page();
    let page = other
        .press(&page, "Use a demo name and password", &[])
        .await
        .page();
    let fields = [("username", "linus"), ("password", "demo")];
    let page = other.press(&page, "Sign in", &fields).await.page();
    other.press(&page, "Allow", &[]).await.home();
    assert_eq!(parts(text(&tokens, "id_token")).1["sub"], "upstream|ada");
    let hint = text(&tokens, "id_token");
    let page = other
        .open(format!("{}/logout?id_token_hint={hint}", provider.issuer()))
        .await;
    assert!(page.page().text.contains("Sign out here too?"));
}

#[tokio::test]
async fn the_way_back_must_be_registered() {
    let provider = provider().await;
    for query in [
        "post_logout_redirect_uri=https%3A%2F%2Fevil.example%2F&client_id=doorkey-desktop",
        "post_logout_redirect_uri=http%3A%2F%2F127.0.0.1%3A9%2Fother&client_id=doorkey-desktop",
        "post_logout_redirect_uri=http%3A%2F%2F127.0.0.1%3A9%2Fcallback",
        "post_logout_redirect_uri=http%3A%2F%2F127.0.0.1%3A9%2Fcallback&client_id=unknown",
        "state=a&state=b",
    ] {
        let page = Agent::new()
            .open(format!("{}/logout?{query}", provider.issuer()))
            .await
            .page();
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{query}");
        assert!(!page.text.contains("evil.example"));
    }
}

#[tokio::test]
async fn the_upstream_can_be_left_as_well() {
    let provider = provider().await;
    let agent = Agent::new();
    agent.sign_in(&provider, &request()).await;
    let page = agent.open(provider.upstream()).await.page();
    assert!(page.text.contains("as Ada Moreno"));
    let page = agent.press(&page, "Sign out", &[]).await.page();
    assert!(page.text.contains("signed out"));
    assert!(
        agent
            .open(provider.upstream())
            .await
            .page()
            .text
            .contains("Nobody is signed in")
    );
}

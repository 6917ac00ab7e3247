//! What every page carries, and what none does.

use doorkey_idp::Client;

use crate::agent::{Agent, Page, REDIRECT_URI, authorize_url, provider, request, with};

fn check(page: &Page) {
    assert!(
        page.text.contains("For trying and testing."),
        "{}",
        page.url
    );
    assert!(
        page.text.contains("In production run Keycloak"),
        "{}",
        page.url
    );
    assert!(!page.text.contains("<script"), "{}", page.url);
    assert!(
        !page.text.contains(" style="),
        "a policy would drop it: {}",
        page.url
    );
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    assert!(
        policy.starts_with("default-src 'none'; style-src 'sha256-"),
        "{policy}"
    );
    assert!(policy.contains("frame-ancestors 'none'") && policy.contains("form-action 'self'"));
    assert!(
        !policy.contains("unsafe") && !policy.contains("script-src"),
        "{policy}"
    );
    for (name, value) in [
        ("cache-control", "no-store"),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("x-frame-options", "DENY"),
        ("content-type", "text/html; charset=utf-8"),
    ] {
        assert_eq!(page.headers[name], value, "{name} of {}", page.url);
    }
}

#[tokio::test]
async fn every_page_is_labelled_and_locked_down() {
    let provider = provider().await;
    let agent = Agent::new();
    let choice = agent
        .open(authorize_url(&provider, &request()))
        .await
        .page();
    check(&choice);
    let form = agent
        .press(&choice, "Use a demo name and password", &[])
        .await
        .page();
    check(&form);
    let upstream = agent
        .press(&choice, "Continue with Demo Upstream", &[])
        .await
        .page();
    check(&upstream);
    let fields = [("username", "ada"), ("password", "demo")];
    let consent = agent.press(&upstream, "Sign in", &fields).await.page();
    check(&consent);
    for address in [
        provider.issuer().to_owned(),
        provider.upstream().to_owned(),
        format!("{}/signed-out", provider.issuer()),
        format!("{}/device?user_code=WDJB-MJHT", provider.issuer()),
        format!("{}/device/end?outcome=allowed", provider.issuer()),
        format!("{}/logout", provider.issuer()),
        format!("{}/authorize", provider.issuer()),
        format!("{}/login", provider.issuer()),
    ] {
        check(&agent.open(address).await.page());
    }
}

#[tokio::test]
async fn a_form_may_lead_only_where_the_sign_in_leads() {
    let provider = provider().await;
    let agent = Agent::new();
    let policy = |page: &Page| {
        page.headers["content-security-policy"]
            .to_str()
            .unwrap()
            .to_owned()
    };
    let choice = agent
        .open(authorize_url(&provider, &request()))
        .await
        .page();
    let expected = format!(
        "form-action 'self' {} http://127.0.0.1:9;",
        provider.upstream()
    );
    assert!(policy(&choice).contains(&expected), "{}", policy(&choice));
    let upstream = agent
        .press(&choice, "Continue with Demo Upstream", &[])
        .await
        .page();
    let expected = format!("form-action 'self' {};", provider.issuer());
    assert!(
        policy(&upstream).contains(&expected),
        "{}",
        policy(&upstream)
    );

    let scheme = with(&[("redirect_uri", "dev.doorkey.app:/callback")]);
    let choice = agent.open(authorize_url(&provider, &scheme)).await.page();
    assert!(
        policy(&choice).contains(" dev.doorkey.app:;"),
        "{}",
        policy(&choice)
    );
}

#[tokio::test]
async fn hostile_names_and_hints_are_text() {
    let provider = provider().await;
    let hostile = "<img src=x onerror=alert(1)>\"'&</title><script>alert(1)</script>";
    let client = Client {
        id: "hostile".to_owned(),
        name: hostile.to_owned(),
        redirect_uris: vec![REDIRECT_URI.to_owned()],
        post_logout_redirect_uris: Vec::new(),
    };
    provider.register(client).await.unwrap();
    let agent = Agent::new();
    let request = with(&[
        ("client_id", "hostile"),
        ("login_hint", hostile),
        ("state", hostile),
    ]);
    let choice = agent.open(authorize_url(&provider, &request)).await.page();
    let form = agent
        .press(&choice, "Use a demo name and password", &[])
        .await
        .page();
    assert!(
        form.text.contains("&lt;img src=x"),
        "the hint is shown as text"
    );
    let wrong = agent
        .press(
            &form,
            "Sign in",
            &[("username", hostile), ("password", "x")],
        )
        .await;
    let fields = [("username", "ada"), ("password", "demo")];
    let consent = agent.press(&form, "Sign in", &fields).await.page();
    for page in [&choice, &form, &wrong.page(), &consent] {
        assert!(!page.text.contains("<img src=x"), "{}", page.text);
        assert!(!page.text.contains("<script"), "{}", page.text);
    }
    let answer = agent.press(&consent, "Allow", &[]).await.home();
    assert_eq!(answer["state"], hostile, "state comes back as it went");
}

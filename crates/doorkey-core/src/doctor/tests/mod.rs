//! The whole list, against a provider that cannot be reached and one that answers as it is told.

mod double;

use double::Double;
use url::Url;

use super::*;
use crate::engine::Doorkey;

fn profile(lines: &str) -> Profile {
    Profile::parse(&"work".parse().expect("a name"), lines).expect("a profile")
}

fn outcomes(checks: &[Check]) -> Vec<(&'static str, CheckOutcome)> {
    checks
        .iter()
        .filter(|check| check.id != "browser")
        .map(|check| (check.id, check.outcome))
        .collect()
}

async fn checked(issuer: &str, lines: &str) -> Vec<Check> {
    let profile = profile(&format!(
        "issuer = \"{issuer}\"\nclient_id = \"b\"\n{lines}"
    ));
    let checks = Doorkey::in_memory().build().check(&profile, None).await;
    for check in &checks {
        assert!(check.seen.ends_with('.'), "{check:?}");
        assert!(!check.seen.contains(['<', '>']), "{check:?}");
        assert!(
            check.outcome == CheckOutcome::Ok || !check.remedy.is_empty(),
            "{check:?}"
        );
    }
    checks
}

fn line<'a>(checks: &'a [Check], id: &str) -> &'a Check {
    let line = checks.iter().find(|check| check.id == id);
    line.unwrap_or_else(|| panic!("no line {id}: {checks:#?}"))
}

fn parameter(url: &Url, name: &str) -> String {
    let found = url.query_pairs().find(|(found, _)| found == name);
    found
        .map(|(_, value)| value.into_owned())
        .unwrap_or_default()
}

#[tokio::test]
async fn what_does_not_depend_on_the_provider_is_checked_without_it() {
    // A port that nobody listens on, and one that somebody has.
    let free = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    let gone = free.local_addr().expect("an address").port();
    drop(free);
    let taken = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    let port = taken.local_addr().expect("an address").port();
    let checks = checked(
        &format!("http://127.0.0.1:{gone}"),
        &format!("redirect_uri = \"http://127.0.0.1:{port}/callback\"\n"),
    )
    .await;
    assert_eq!(
        outcomes(&checks),
        [
            ("provider", CheckOutcome::Failed),
            ("port", CheckOutcome::Failed),
            ("redirect_uri", CheckOutcome::Ok),
            ("keychain", CheckOutcome::Warning),
        ]
    );
}

#[tokio::test]
async fn the_request_is_one_that_a_sign_in_would_send_and_asks_nobody() {
    let double = Double::authorizing(|url| {
        let answer = format!(
            "{}?error=login_required&state={}",
            parameter(url, "redirect_uri"),
            parameter(url, "state")
        );
        (302, Some(("location", answer)), String::new())
    })
    .await;
    for _ in 0..2 {
        let checks = checked(&double.issuer, "response_mode = \"form_post\"\n").await;
        assert_eq!(line(&checks, "authorization").outcome, CheckOutcome::Ok);
        let redirect_uri = line(&checks, "redirect_uri");
        assert!(
            redirect_uri.seen.contains("the provider knows that"),
            "{redirect_uri:?}"
        );
        assert_eq!(redirect_uri.remedy, "");
    }
    let requests = double.authorization_requests();
    let [first, second] = requests.as_slice() else {
        panic!("{requests:?}");
    };
    for (name, value) in [
        ("response_type", "code"),
        ("client_id", "b"),
        ("code_challenge_method", "S256"),
        ("prompt", "none"),
        ("response_mode", ""),
    ] {
        assert_eq!(parameter(first, name), value, "{name}");
    }
    for name in ["state", "nonce", "code_challenge"] {
        assert_eq!(parameter(first, name).len(), 43, "{name}");
        assert_ne!(parameter(first, name), parameter(second, name), "{name}");
    }
}

#[tokio::test]
async fn a_refused_redirect_uri_is_told_with_what_to_register() {
    let double = Double::authorizing(|_| {
        let page = "<h1>We are sorry</h1> Invalid parameter: redirect_uri";
        (
            400,
            Some(("content-type", "text/html".to_owned())),
            page.to_owned(),
        )
    })
    .await;
    let checks = checked(&double.issuer, "").await;
    let line = line(&checks, "redirect_uri");
    assert_eq!(line.outcome, CheckOutcome::Failed);
    assert!(
        line.remedy.ends_with(": http://127.0.0.1/callback"),
        "{line:?}"
    );
    assert!(checks.iter().all(|check| check.id != "authorization"));
}

#[tokio::test]
async fn a_sign_in_page_is_no_proof_and_is_not_followed() {
    let double = Double::authorizing(|url| match url.query() {
        Some(query) if query.contains("step") => panic!("it was followed"),
        _ => (
            302,
            Some(("location", "/authorize?step=2".to_owned())),
            String::new(),
        ),
    })
    .await;
    let checks = checked(&double.issuer, "").await;
    let line = line(&checks, "redirect_uri");
    assert_eq!(line.outcome, CheckOutcome::Ok);
    assert!(
        line.seen.contains("did not refuse that before the sign-in"),
        "{line:?}"
    );
    assert!(!line.remedy.is_empty());
    assert_eq!(double.authorization_requests().len(), 1);
}

#[tokio::test]
async fn a_page_without_end_is_cut() {
    let double = Double::authorizing(|_| (400, None, "redirect_uri ".repeat(400_000))).await;
    let checks = checked(&double.issuer, "").await;
    assert_eq!(line(&checks, "redirect_uri").outcome, CheckOutcome::Failed);
}

#[tokio::test]
async fn what_else_the_provider_says_has_a_line_of_its_own() {
    let double = Double::authorizing(|url| {
        let answer = format!(
            "{}?error=invalid_scope&error_description=%3Cb%3E&state={}",
            parameter(url, "redirect_uri"),
            parameter(url, "state")
        );
        (303, Some(("location", answer)), String::new())
    })
    .await;
    let checks = checked(&double.issuer, "").await;
    let told = line(&checks, "authorization");
    assert_eq!(told.outcome, CheckOutcome::Failed);
    assert!(told.seen.contains("invalid_scope"), "{told:?}");
    assert_eq!(line(&checks, "redirect_uri").outcome, CheckOutcome::Ok);

    let double = Double::authorizing(|_| (404, None, "<html>".to_owned())).await;
    let checks = checked(&double.issuer, "").await;
    let told = line(&checks, "authorization");
    assert_eq!(told.outcome, CheckOutcome::Warning);
    assert!(told.seen.contains("404"), "{told:?}");
}

#[tokio::test]
async fn a_network_that_answers_in_the_providers_place_is_known() {
    let portal = Double::answering(|_| {
        let portal = "http://portal.hotel.example/?from=<you>".to_owned();
        (302, Some(("location", portal)), String::new())
    })
    .await;
    let page = Double::answering(|_| {
        (
            200,
            Some(("content-type", "text/html".to_owned())),
            "<html>".to_owned(),
        )
    })
    .await;
    for (double, says) in [
        (&portal, "portal.hotel.example"),
        (&page, "a page for people"),
    ] {
        let checks = checked(&double.issuer, "").await;
        let line = line(&checks, "provider");
        assert_eq!(line.outcome, CheckOutcome::Failed);
        assert!(line.seen.contains(says), "{line:?}");
        assert!(line.remedy.contains("sign in to the network"), "{line:?}");
    }
}

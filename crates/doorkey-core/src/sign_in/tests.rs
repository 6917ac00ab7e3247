//! A whole sign-in over a link, against a double that issues tokens.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::Duration;

use super::*;
use crate::double::Double;
use crate::engine::Doorkey;
use crate::receiver::{LinkOutcome, Links};
use crate::trace::Step;

const URI: &str = "dev.doorkey.app:/callback";

/// A provider that issues a token for whatever its token endpoint is asked.
async fn provider() -> Double {
    let double = Double::start().await;
    let tokens = r#"{"access_token":"abc","token_type":"Bearer","expires_in":600}"#;
    double.answer("/token", 200, tokens);
    double
}

/// A profile that takes its answers as links.
fn linked(double: &Double) -> Profile {
    double.profile(&format!("client_id = \"x\"\nredirect_uri = \"{URI}\""))
}

fn sent(sign_in: &SignIn) -> HashMap<String, String> {
    let query = sign_in.authorization_url().query_pairs();
    query.into_owned().collect()
}

#[tokio::test]
async fn a_link_ends_a_whole_sign_in_and_is_redeemed_once() {
    let double = provider().await;
    let links = Links::new(["dev.doorkey.app"]);
    let steps = Arc::new(Mutex::new(Vec::new()));
    let told = Arc::clone(&steps);
    let doorkey = Doorkey::in_memory()
        .links(links.clone())
        .observer(move |step: Step| told.lock().expect("the steps").push(step))
        .build();
    let sign_in = doorkey.begin(&linked(&double)).await.expect("to begin");
    let sent = sent(&sign_in);
    assert_eq!(sent["redirect_uri"], URI);
    // The browser is quicker than whoever waits for it.
    let arrived = links.clone();
    let link = format!("{URI}?code=SplxlOBe&state={}", sent["state"]);
    let browser = move |_: &Url| {
        assert_eq!(arrived.take(&link), LinkOutcome::Taken);
        assert_eq!(arrived.take(&link), LinkOutcome::NoAttempt);
        Ok(())
    };
    sign_in.open(&browser).expect("to open");
    let answer = sign_in.answer().await.expect("an answer");
    let session = answer.finish().await.expect("a session");
    let token = session.access_token(Duration::ZERO).await.expect("a token");
    assert_eq!(token.expose(), "abc");

    let asked = double.asked("/token");
    assert_eq!(asked.len(), 1);
    assert_eq!(asked[0].form["redirect_uri"], URI);
    assert_eq!(asked[0].form["code"], "SplxlOBe");
    let kinds: Vec<_> = steps
        .lock()
        .expect("the steps")
        .iter()
        .map(|step| step.kind)
        .collect();
    assert_eq!(
        kinds,
        [
            StepKind::SignInStarted,
            StepKind::SecretsMade,
            StepKind::LinkAwaited,
            StepKind::BrowserOpened,
            StepKind::AuthorizationRequest,
            StepKind::AuthorizationResponse,
            StepKind::CodeExchange,
            StepKind::TokenResponse,
            StepKind::SessionInMemory,
            StepKind::SignedIn,
        ]
    );
}

#[tokio::test]
async fn two_engines_share_the_links_and_each_gets_its_own() {
    let double = provider().await;
    let links = Links::new(["dev.doorkey.app"]);
    let engine = || Doorkey::in_memory().links(links.clone()).build();
    let one = engine().begin(&linked(&double)).await.expect("to begin");
    let two = engine().begin(&linked(&double)).await.expect("to begin");
    for (sign_in, code) in [(two, "second"), (one, "first")] {
        let link = format!("{URI}?code={code}&state={}", sent(&sign_in)["state"]);
        assert_eq!(links.take(&link), LinkOutcome::Taken);
        let answer = sign_in.answer().await.expect("an answer");
        answer.finish().await.expect("a session");
        assert_eq!(double.last("/token").form["code"], code);
    }
    assert_eq!(links.take(URI), LinkOutcome::NoAttempt);
}

#[tokio::test]
async fn f03_a_dropped_sign_in_waits_for_no_link() {
    let double = provider().await;
    let links = Links::new(["dev.doorkey.app"]);
    let doorkey = Doorkey::in_memory().links(links.clone()).build();
    let sign_in = doorkey.begin(&linked(&double)).await.expect("to begin");
    let link = format!("{URI}?code=a&state={}", sent(&sign_in)["state"]);
    drop(sign_in);
    assert_eq!(links.take(&link), LinkOutcome::NoAttempt);

    // One at a port waits for none at all.
    let sign_in = doorkey
        .begin(&double.profile("client_id = \"x\""))
        .await
        .expect("to begin");
    let link = format!("{URI}?code=a&state={}", sent(&sign_in)["state"]);
    assert_eq!(links.take(&link), LinkOutcome::NoAttempt);
    assert!(double.asked("/token").is_empty());
}

#[tokio::test(start_paused = true)]
async fn f01_no_link_comes_and_the_sign_in_gives_up() {
    let double = provider().await;
    let links = Links::new(["dev.doorkey.app"]);
    let doorkey = Doorkey::in_memory().links(links.clone()).build();
    let sign_in = doorkey.begin(&linked(&double)).await.expect("to begin");
    let error = sign_in.answer().await.expect_err("nobody came");
    assert_eq!(error.code(), Code::TimedOut);
    assert!(
        error.hint().contains("dev.doorkey.app:"),
        "{}",
        error.hint()
    );
    assert_eq!(links.take(URI), LinkOutcome::NoAttempt);
}

#[tokio::test]
async fn f18_a_program_that_receives_no_links_says_so_before_the_browser_opens() {
    let double = provider().await;
    let profile = linked(&double);
    for doorkey in [
        Doorkey::in_memory().build(),
        Doorkey::in_memory()
            .links(Links::new(["com.example.app"]))
            .build(),
    ] {
        let opened = |_: &Url| -> Result<()> { panic!("the browser was opened") };
        let error = doorkey
            .sign_in(&profile, &opened)
            .await
            .expect_err("no links");
        assert_eq!(error.code(), Code::DeepLinkUnavailable);
        // Over loopback it can begin.
        let sign_in = doorkey.begin(&profile.clone().over_loopback()).await;
        let sent = sent(&sign_in.expect("to begin"));
        assert!(
            sent["redirect_uri"].starts_with("http://127.0.0.1:"),
            "{sent:?}"
        );
    }
}

use doorkey_tests::Result;
use fantoccini::Locator;

use crate::desktop::{Desktop, has, told};

#[tokio::test]
async fn signs_in_calls_the_api_and_logs_out_from_the_tray() -> Result<()> {
    let mut desktop = Desktop::start().await?;
    let window = desktop.open().await?;
    let item = desktop.item().await?;
    let menu = item.menu_when(has("Sign in…")).await?;
    assert_eq!(
        told(&menu),
        [
            ("Signed out", false),
            ("Sign in…", true),
            ("", true),
            ("Open Doorkey", true),
            ("Quit", true)
        ]
    );
    window.element("sign-in").await?;
    desktop.picture("signed-out").await?;

    window.click("sign-in").await?;
    assert_eq!(window.text("account-name").await?, "Ada Moreno");
    assert_eq!(window.text("account-email").await?, "ada@example.com");
    let menu = item.menu_when(has("Log out")).await?;
    assert_eq!(
        told(&menu),
        [
            ("Ada Moreno", false),
            ("Log out", true),
            ("", true),
            ("Open Doorkey", true),
            ("Quit", true)
        ]
    );
    desktop.picture("signed-in").await?;
    let kept = desktop.session.items().await?;
    assert!(!kept.is_empty(), "the session is in the keychain");

    window.click("tab-api").await?;
    window.click("api-send").await?;
    assert!(window.text("api-status").await?.contains("200"));
    assert!(window.text("api-body").await?.contains("Ada Moreno"));
    desktop.picture("api").await?;
    window.click("tab-flow").await?;
    window.element("flow-step-1").await?;
    desktop.picture("flow").await?;
    window.click("tab-account").await?;
    window.element("account-name").await?;

    item.press("Log out").await?;
    window.element("signed-out-report").await?;
    desktop.picture("logged-out").await?;
    let menu = item.menu_when(has("Sign in…")).await?;
    assert_eq!(menu[0].label, "Signed out");
    let left = desktop.session.items().await?;
    assert!(left.is_empty(), "still in the keychain: {left:#?}");
    window.close().await
}

#[tokio::test]
async fn a_restart_shows_who_is_signed_in() -> Result<()> {
    let mut desktop = Desktop::start().await?;
    let window = desktop.open_signed_in().await?;
    desktop.quit(window).await?;

    // A browser that nobody answers: whoever is shown was restored.
    let mut desktop = desktop.with_browser("true");
    let window = desktop.open().await?;
    assert_eq!(window.text("account-name").await?, "Ada Moreno");
    desktop.item().await?.menu_when(has("Log out")).await?;
    window.click("tab-api").await?;
    window.click("api-send").await?;
    assert!(
        window.text("api-status").await?.contains("200"),
        "the provider was started for the session"
    );
    window.close().await
}

#[tokio::test]
async fn a_wait_for_the_browser_can_be_cancelled_from_window_and_tray() -> Result<()> {
    let mut desktop = Desktop::start().await?.with_browser("true");
    let window = desktop.open().await?;
    let item = desktop.item().await?;
    window.click("sign-in").await?;
    window.element("time-left").await?;
    let menu = item.menu_when(has("Cancel sign-in")).await?;
    assert_eq!(menu[0].label, "Waiting for the browser…");
    desktop.picture("waiting").await?;
    window.click("cancel").await?;
    window.element("sign-in").await?;

    item.press("Sign in…").await?;
    window.element("time-left").await?;
    item.press("Cancel sign-in").await?;
    window.element("sign-in").await?;
    item.menu_when(has("Sign in…")).await?;
    window.close().await
}

#[tokio::test]
async fn a_stray_address_says_why_and_the_wait_goes_on() -> Result<()> {
    let desktop = Desktop::start().await?.with_browser("true");
    let window = desktop.open().await?;
    window.click("sign-in").await?;
    window.element("time-left").await?;
    let summary = Locator::Css("[data-testid=stuck] summary");
    window
        .driver()
        .wait()
        .for_element(summary)
        .await?
        .click()
        .await?;
    let field = window.element("paste-field").await?;
    field
        .send_keys("http://127.0.0.1:9/callback?code=canary&state=wrong")
        .await?;
    window.click("paste").await?;
    let problem = Locator::Css("[data-testid=paste-problem]:not(:empty)");
    let problem = window.driver().wait().for_element(problem).await?;
    let said = problem.text().await?;
    assert!(
        said.contains("not the address that this sign-in waits for"),
        "{said}"
    );
    assert_eq!(field.prop("value").await?.as_deref(), Some(""));
    assert!(!window.driver().source().await?.contains("canary"));
    window.click("cancel").await?;
    window.element("sign-in").await?;
    window.close().await
}

#[tokio::test]
async fn a_call_is_copied_as_a_command() -> Result<()> {
    let desktop = Desktop::start().await?;
    let window = desktop.open_signed_in().await?;
    window.click("tab-api").await?;
    window.click("api-copy-curl").await?;
    let said = Locator::XPath("//*[text()='Command copied.']");
    window.driver().wait().for_element(said).await?;
    window.close().await
}

//! A real browser at the embedded provider, for `doorkey login`.

use doorkey_tests::{
    Result,
    browser::Browser,
    command_line::{CommandLine, ran},
    keychain::Keyring,
    process::READY,
};
use fantoccini::{Client, Locator};
use serde_json::json;

#[tokio::test]
async fn a_person_clicks_through_and_is_signed_in() -> Result<()> {
    let (doorkey, mut browser) =
        tokio::try_join!(CommandLine::start(Keyring::Unlocked), Browser::start())?;
    let doorkey = doorkey.with("BROWSER", browser.open_command().display().to_string());
    let demo = doorkey.demo().await?;

    let mut login = doorkey.spawn(&["login", "--json"])?;
    let url = browser.follow().await?;
    assert!(
        url.starts_with(&format!("{}/authorize?", demo.place.issuer)),
        "{url}"
    );
    let page = browser.driver();
    press(page, "Continue with Demo Upstream").await?;
    let name = page
        .wait()
        .at_most(READY)
        .for_element(Locator::Css("input[name=username]"))
        .await?;
    name.clear().await?;
    name.send_keys("grace").await?;
    page.find(Locator::Css("input[name=password]"))
        .await?
        .send_keys("demo")
        .await?;
    page.find(Locator::Css("button[type=submit]"))
        .await?
        .click()
        .await?;
    press(page, "Allow").await?;

    let ended = ran(&mut login).await?;
    let document = ended.json()?;
    assert_eq!(
        (ended.code, &document["account"]["email"]),
        (Some(0), &json!("grace@example.com"))
    );
    page.wait()
        .at_most(READY)
        .for_element(Locator::XPath(
            "//title[contains(text(), 'You are signed in')]",
        ))
        .await?;
    let arrived = page.current_url().await?;
    assert_eq!(
        (arrived.host_str(), arrived.path()),
        (Some("127.0.0.1"), "/callback")
    );
    let heading = page.find(Locator::Css("h1")).await?.text().await?;
    assert_eq!(heading, "You are signed in");

    let me = doorkey.output(&["api", "/api/me"]).await?;
    assert!(me.contains("\"grace\""), "{me}");
    Ok(())
}

/// Presses the button whose text begins like this.
async fn press(page: &Client, text: &str) -> Result<()> {
    let button = format!("//button[starts-with(normalize-space(.), '{text}')]");
    let button = page
        .wait()
        .at_most(READY)
        .for_element(Locator::XPath(&button))
        .await?;
    Ok(button.click().await?)
}

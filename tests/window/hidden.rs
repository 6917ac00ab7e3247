//! What the app does while nobody looks at it.

use std::time::Duration;

use doorkey_idp::{Config, DEMO_CLIENT_ID, Running, start};
use doorkey_tests::{Error, Result, notifications::Notifications};

use crate::desktop::{Desktop, becomes, has};

/// A provider whose access tokens last a few seconds, and a profile that asks for nothing to renew them with.
async fn short_lived(desktop: &Desktop) -> Result<Running> {
    let provider = start(Config {
        port: 0,
        access_token_lifetime: Duration::from_secs(6),
        ..Config::default()
    })
    .await
    .map_err(|error| Error::unexpected("provider", error.to_string()))?;
    desktop.write_profile(
        "short",
        &format!(
            "issuer = \"{}\"\nclient_id = \"{DEMO_CLIENT_ID}\"\nscopes = [\"openid\", \"profile\"]\n",
            provider.issuer()
        ),
    )?;
    std::fs::write(
        desktop.session.config_dir().join("desktop.toml"),
        "profile = \"short\"\n",
    )
    .map_err(Error::io("choose the profile"))?;
    Ok(provider)
}

#[tokio::test]
async fn a_session_that_ends_while_the_window_is_hidden_is_told() -> Result<()> {
    let mut desktop = Desktop::start().await?;
    let mut notifications = Notifications::start(&desktop.session).await?;
    let _provider = short_lived(&desktop).await?;
    let window = desktop.open().await?;
    let item = desktop.item().await?;
    window.click("sign-in").await?;
    window.element("account-name").await?;
    desktop.when_focused().await?;
    desktop.hide_window().await?;
    let told = notifications.next().await?;
    assert_eq!(told.summary, "Sign in again");
    assert!(told.body.contains("Ada Moreno"), "{}", told.body);
    let menu = item.menu_when(has("short: Sign in again")).await?;
    assert!(menu.iter().any(|entry| entry.label == "Sign in…"));

    // What the person does is no news to them.
    item.press("Open Doorkey").await?;
    window.click("sign-in").await?;
    window.element("account-name").await?;
    desktop.hide_window().await?;
    item.press("Log out").await?;
    item.menu_when(has("short: Signed out")).await?;
    assert!(notifications.is_empty());
    window.close().await
}

#[tokio::test]
async fn a_session_that_ends_before_their_eyes_is_not_told_a_second_time() -> Result<()> {
    let mut desktop = Desktop::start().await?;
    let notifications = Notifications::start(&desktop.session).await?;
    let _provider = short_lived(&desktop).await?;
    let window = desktop.open().await?;
    let item = desktop.item().await?;
    window.click("sign-in").await?;
    window.element("account-name").await?;
    item.menu_when(has("short: Sign in again")).await?;
    window.element("sign-in").await?;
    // Whatever was on its way over the bus has arrived when the next answer has.
    item.menu().await?;
    assert!(notifications.is_empty());
    window.close().await
}

#[tokio::test]
async fn a_sign_in_from_the_tray_brings_the_window_to_the_front() -> Result<()> {
    let mut desktop = Desktop::start().await?;
    let program = doorkey_tests::program::desktop()?.display().to_string();
    let _app = desktop.spawn(&program, &["--hidden"])?;
    let item = desktop.item().await?;
    item.menu_when(has("Sign in…")).await?;
    assert!(!desktop.shows_window().await);
    item.press("Sign in…").await?;
    item.menu_when(has("Log out")).await?;
    desktop.when_focused().await
}

#[tokio::test]
async fn an_app_that_starts_hidden_stays_in_the_tray_until_it_is_opened() -> Result<()> {
    let mut desktop = Desktop::start().await?;
    let program = doorkey_tests::program::desktop()?.display().to_string();
    let mut app = desktop.spawn(&program, &["--hidden"])?;
    let item = desktop.item().await?;
    item.menu_when(has("Sign in…")).await?;
    assert!(!desktop.shows_window().await);
    item.press("Open Doorkey").await?;
    becomes("the window", || desktop.shows_window()).await?;
    item.press("Quit").await?;
    let status = app.exit(doorkey_tests::process::READY).await?;
    assert!(status.success(), "{status}: {}", app.stderr());
    Ok(())
}

#[tokio::test]
async fn without_a_tray_a_hidden_start_shows_the_window() -> Result<()> {
    let desktop = Desktop::without_tray().await?;
    let program = doorkey_tests::program::desktop()?.display().to_string();
    let _app = desktop.spawn(&program, &["--hidden"])?;
    becomes("the window", || desktop.shows_window()).await
}

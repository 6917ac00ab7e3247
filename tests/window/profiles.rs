//! Several profiles, and what the command line and the keychain change under the app's feet.

use doorkey_tests::{Error, Result, program};

use crate::desktop::{Desktop, has, told};

/// Adds a profile `work` at the demo provider.
fn add_work(desktop: &Desktop) -> Result<()> {
    let demo = desktop.session.config_dir().join("profiles/demo.toml");
    let text = std::fs::read_to_string(demo).map_err(Error::io("read the demo profile"))?;
    desktop.write_profile("work", &text)
}

#[tokio::test]
async fn each_profile_signs_in_and_out_by_itself() -> Result<()> {
    let mut desktop = Desktop::start().await?;
    add_work(&desktop)?;
    let window = desktop.open().await?;
    let item = desktop.item().await?;
    window.click("sign-in").await?;
    window.element("account-name").await?;
    let menu = item.menu_when(has("demo: Ada Moreno")).await?;
    assert_eq!(
        told(&menu),
        [
            ("demo: Ada Moreno", false),
            ("Log out", true),
            ("", true),
            ("work: Signed out", false),
            ("Sign in…", true),
            ("", true),
            ("Open Doorkey", true),
            ("Quit", true)
        ]
    );
    // The one from the tray chooses its profile.
    item.press("Sign in…").await?;
    item.menu_when(has("work: Ada Moreno")).await?;
    window.click("profile-demo").await?;
    window.element("account-name").await?;
    window.click("refresh").await?;
    window.element("account-name").await?;
    window.click("sign-out").await?;
    window.element("signed-out-report").await?;
    let menu = item.menu_when(has("demo: Signed out")).await?;
    assert!(menu.iter().any(|entry| entry.label == "work: Ada Moreno"));
    window.close().await
}

#[tokio::test]
async fn a_keychain_that_opens_later_shows_who_is_signed_in() -> Result<()> {
    let mut desktop = Desktop::start().await?;
    let window = desktop.open_signed_in().await?;
    desktop.quit(window).await?;
    desktop.session.lock().await?;

    let window = desktop.open().await?;
    window.element("unlock").await?;
    assert!(
        window
            .driver()
            .find(fantoccini::Locator::Css("[data-testid=sign-in]"))
            .await
            .is_err(),
        "nobody is said to be signed out"
    );
    desktop.session.unlock().await?;
    assert_eq!(window.text("account-name").await?, "Ada Moreno");
    window.close().await
}

#[tokio::test]
async fn what_the_command_line_does_shows_in_window_and_tray() -> Result<()> {
    let mut desktop = Desktop::start().await?;
    let window = desktop.open().await?;
    let item = desktop.item().await?;
    window.click("sign-in").await?;
    window.element("account-name").await?;
    let doorkey = program::doorkey()?.display().to_string();
    desktop
        .run(&doorkey, &["logout", "--profile", "demo"])
        .await?;
    window.element("sign-in").await?;
    item.menu_when(has("Signed out")).await?;
    // The provider is the app's own, and answers the command line too.
    desktop
        .run(&doorkey, &["login", "--profile", "demo"])
        .await?;
    assert_eq!(window.text("account-name").await?, "Ada Moreno");
    item.menu_when(has("Log out")).await?;
    window.close().await
}

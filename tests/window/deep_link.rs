//! The answer as a link: through the system's own opener, with the app running and not running.

use doorkey_core::EDITION;
use doorkey_tests::{Result, process::READY, program};

use crate::desktop::{Desktop, becomes, has};

const SCHEME: &str = EDITION.scheme;

/// A desktop whose demo profile takes its answer as a link, and whose browser hands links to the system.
async fn desktop() -> Result<Desktop> {
    let desktop = Desktop::start()
        .await?
        .with_variable("DOORKEY_AGENT_OPENER", "xdg-open")
        // Without a desktop's name, xdg-open falls back to rules of its own that know no quotes.
        .with_variable("XDG_CURRENT_DESKTOP", "GNOME");
    desktop.change_demo(&format!("redirect_uri = \"{SCHEME}:/callback\""))?;
    Ok(desktop)
}

#[tokio::test]
async fn f06_a_link_from_the_browser_reaches_the_running_app() -> Result<()> {
    let mut desktop = desktop().await?;
    let window = desktop.open().await?;
    window.click("sign-in").await?;
    assert_eq!(window.text("account-name").await?, "Ada Moreno");
    let item = desktop.item().await?;
    item.menu_when(has("Log out")).await?;

    // A link can end a sign-in and nothing else, not even show the window.
    desktop.minimize().await?;
    let app = program::desktop()?.display().to_string();
    for command in [
        "/logout",
        "/callback?code=a&state=b",
        "/open?url=https://example.com",
    ] {
        let mut second = desktop.spawn(&app, &[&format!("{SCHEME}:{command}")])?;
        assert!(second.exit(READY).await?.success(), "{}", second.stderr());
    }
    item.menu_when(has("Log out")).await?;
    assert_ne!(desktop.active_window().await, EDITION.name);
    window.close().await
}

#[tokio::test]
async fn f03_a_link_that_starts_the_app_ends_nothing_and_is_explained() -> Result<()> {
    let mut desktop = desktop().await?;
    let window = desktop.open_signed_in().await?;
    let item = desktop.item().await?;
    item.press("Log out").await?;
    item.menu_when(has("Sign in…")).await?;
    desktop.quit(window).await?;

    let link = format!("{SCHEME}:/callback?code=canary&state=late");
    let opened = desktop.spawn("xdg-open", &[&link])?;
    let item = desktop.item().await?;
    let menu = item.menu_when(has("Something went wrong")).await?;
    assert!(menu.iter().any(|entry| entry.label == "Sign in…"));
    becomes("the window", || desktop.shows_window()).await?;
    item.press("Quit").await?;
    assert!(!opened.stderr().contains("canary"), "{}", opened.stderr());
    Ok(())
}

#[tokio::test]
async fn f01_links_of_another_program_are_noticed_before_the_browser_opens() -> Result<()> {
    let desktop = desktop().await?;
    let applications = desktop.session.home().join("data/applications");
    let links = format!("x-scheme-handler/{SCHEME}");
    let thief =
        format!("[Desktop Entry]\nType=Application\nName=Thief\nExec=true %u\nMimeType={links};\n");
    std::fs::create_dir_all(&applications)
        .and_then(|()| std::fs::write(applications.join("thief.desktop"), thief))
        .map_err(doorkey_tests::Error::io("write a desktop entry"))?;
    desktop
        .run("xdg-mime", &["default", "thief.desktop", &links])
        .await?;
    let window = desktop.open().await?;
    window.click("sign-in").await?;
    let said = window.text("problem").await?;
    assert!(said.contains("thief"), "{said}");
    window.click("over-loopback").await?;
    assert_eq!(window.text("account-name").await?, "Ada Moreno");
    window.close().await
}

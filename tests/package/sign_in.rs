//! From the desktop's menu to the account, and to the next login.

use std::fs;

use doorkey_tests::{Error, Result, tray::Entry};

use crate::{
    layers::installed,
    root::HOME,
    scene::{Scene, becomes},
};

/// Whether a menu has an entry.
pub(crate) fn has(label: &'static str) -> impl FnMut(&[Entry]) -> bool {
    move |menu| menu.iter().any(|entry| entry.label == label)
}

/// The entries that start something when the person logs in.
pub(crate) const AUTOSTART: &str = "/home/ada/.config/autostart";

#[tokio::test]
async fn from_the_menu_through_the_browser_to_the_account() -> Result<()> {
    let scene = Scene::start(installed().await?).await?;
    let app = scene.launch().await?;
    app.item.menu_when(has("Sign in…")).await?;
    scene.hears("Sign in with").await?;
    scene.when_shown().await?;
    scene.picture("signed-out").await?;

    scene.click("Sign in with").await?;
    scene.hears("Ada Moreno").await?;
    scene.hears("ada@example.com").await?;
    scene.picture("signed-in").await?;
    app.item.menu_when(has("Log out")).await?;
    assert!(!scene.keychain().await?.is_empty());
    let status = scene
        .run("doorkey", &["status", "--profile", "demo"])
        .await?;
    assert_eq!(status.code, Some(0), "{}", status.stderr);
    assert!(status.stdout.contains("Ada Moreno"), "{}", status.stdout);

    app.item.press("Log out").await?;
    app.item.menu_when(has("Sign in…")).await?;
    scene.hears("Sign in with").await?;
    scene.picture("logged-out").await?;
    let left = scene.keychain().await?;
    assert!(left.is_empty(), "still in the keychain: {left:#?}");
    let status = scene
        .run("doorkey", &["status", "--profile", "demo"])
        .await?;
    assert_eq!(status.code, Some(3), "{}", status.stderr);

    // From the tray, with the window closed.
    scene.close_window().await?;
    app.item.press("Sign in…").await?;
    app.item.menu_when(has("Log out")).await?;
    scene.hears("Ada Moreno").await?;
    assert!(!scene.root.path(AUTOSTART).exists(), "nobody has asked");
    let said = app.said();
    assert!(!said.contains("panicked"), "{said}");
    app.quit().await
}

#[tokio::test]
async fn starting_at_login_is_an_entry_that_the_person_asks_for() -> Result<()> {
    let scene = Scene::start(installed().await?).await?;
    let app = scene.launch().await?;
    scene.hears("Sign in with").await?;
    let entries = || -> Vec<_> {
        let files = fs::read_dir(scene.root.path(AUTOSTART))
            .into_iter()
            .flatten();
        files.flatten().map(|file| file.path()).collect()
    };
    assert!(entries().is_empty());
    scene.click("Settings").await?;
    scene.click("Start when I log in").await?;
    becomes("the entry", || async { !entries().is_empty() }).await?;
    scene.picture("settings").await?;
    app.quit().await?;

    // What the desktop does at the next login.
    let entry = &entries()[0];
    let text = fs::read_to_string(entry).map_err(Error::io("read the entry"))?;
    assert!(text.contains("doorkey-desktop"), "{text}");
    let name = entry.file_name().unwrap_or_default().to_string_lossy();
    let entry = format!("{HOME}/.config/autostart/{name}");
    let app = scene.app("gio", &["launch", &entry]).await?;
    app.item.menu_when(has("Sign in…")).await?;
    assert!(!scene.shows_window().await, "it waits in the tray");
    app.item.press("Open Doorkey").await?;
    scene.click("Settings").await?;
    scene.click("Start when I log in").await?;
    becomes("that the entry is gone", || async { entries().is_empty() }).await?;
    app.quit().await
}

//! Settings and the profile editor in the real window.

use std::{fs::Permissions, os::unix::fs::PermissionsExt as _};

use doorkey_tests::{Error, Result};
use fantoccini::{Locator, elements::Element, key::Key};

use crate::desktop::{Desktop, becomes, has};

async fn replace(field: Element, text: &str) -> Result<()> {
    field.clear().await?;
    Ok(field.send_keys(text).await?)
}

#[tokio::test]
async fn a_profile_is_added_by_hand_tested_signed_in_with_and_removed() -> Result<()> {
    let mut desktop = Desktop::start().await?;
    let window = desktop.open().await?;
    let item = desktop.item().await?;
    // The provider of the demo serves the new profile too, once it runs.
    window.click("sign-in").await?;
    window.element("account-name").await?;
    let issuer = desktop.demo_issuer()?;

    window.click("settings").await?;
    desktop.picture("settings").await?;
    window.click("profile-add").await?;
    replace(window.element("field-name").await?, "work").await?;
    replace(window.element("field-issuer").await?, "ftp://nowhere").await?;
    replace(window.element("field-client_id").await?, "doorkey-desktop").await?;
    window.click("profile-save").await?;
    let wrong = Locator::Css("[data-testid=field-issuer][aria-invalid=true]");
    window.driver().wait().for_element(wrong).await?;
    desktop.picture("settings-refused").await?;
    replace(window.element("field-issuer").await?, &issuer).await?;
    window.click("profile-test-form").await?;
    window.element("check-1").await?;
    desktop.picture("settings-tested").await?;
    let checks = window.text("profile-checks").await?;
    assert!(checks.contains(&issuer), "{checks}");
    window.click("profile-save").await?;
    item.menu_when(has("work: Signed out")).await?;
    window.click("profile-work").await?;
    window.click("sign-in").await?;
    assert_eq!(window.text("account-name").await?, "Ada Moreno");
    item.menu_when(has("work: Ada Moreno")).await?;

    window.click("settings").await?;
    window.click("profile-more-work").await?;
    window.click("profile-remove").await?;
    window.click("profile-remove-confirm").await?;
    let menu = item.menu_when(has("Ada Moreno")).await?;
    assert_eq!(menu.len(), 5, "one profile is left: {menu:?}");
    assert!(
        !desktop
            .session
            .config_dir()
            .join("profiles/work.toml")
            .exists()
    );
    window.close().await
}

#[tokio::test]
async fn a_setting_holds_at_once_and_after_a_restart() -> Result<()> {
    let mut desktop = Desktop::start().await?;
    let window = desktop.open().await?;
    desktop.item().await?;
    window.click("settings").await?;
    window
        .element("settings-theme")
        .await?
        .select_by_value("dark")
        .await?;
    let dark = Locator::Css("html[data-theme=dark]");
    window.driver().wait().for_element(dark).await?;
    desktop.picture("settings-dark").await?;
    window.click("settings-close-to-tray").await?;
    let file = desktop.session.config_dir().join("desktop.toml");
    becomes("the settings on disk", || async {
        std::fs::read_to_string(&file).is_ok_and(|text| text.contains("close_to_tray = false"))
    })
    .await?;
    desktop.quit(window).await?;

    let program = doorkey_tests::program::desktop()?.display().to_string();
    let mut app = desktop.spawn(&program, &[])?;
    desktop.item().await?;
    desktop.when_focused().await?;
    desktop.run("xdotool", &["key", "alt+F4"]).await?;
    let status = app.exit(doorkey_tests::process::READY).await?;
    assert!(status.success(), "it ends although there is a tray");
    Ok(())
}

#[tokio::test]
async fn starting_at_login_is_an_entry_that_starts_hidden() -> Result<()> {
    let desktop = Desktop::start().await?;
    let window = desktop.open().await?;
    window.click("settings").await?;
    // The library that writes it knows this folder only.
    let entry = desktop.session.home().join(".config/autostart");
    let entries = || {
        std::fs::read_dir(&entry)
            .into_iter()
            .flatten()
            .flatten()
            .filter_map(|file| std::fs::read_to_string(file.path()).ok())
            .collect::<String>()
    };
    assert_eq!(entries(), "");
    window
        .element("settings-start-at-login")
        .await?
        .send_keys(&String::from(char::from(Key::Space)))
        .await?;
    becomes("the entry", || async { entries().contains("--hidden") }).await?;
    window
        .element("settings-start-at-login")
        .await?
        .send_keys(&String::from(char::from(Key::Space)))
        .await?;
    becomes("that the entry is gone", || async { entries().is_empty() }).await?;
    window.close().await
}

#[tokio::test]
async fn the_browser_that_was_chosen_gets_the_address_as_one_argument() -> Result<()> {
    let desktop = Desktop::start().await?.with_browser("false");
    let script = desktop.session.home().join("my browser");
    let arguments = desktop.session.home().join("arguments");
    std::fs::write(
        &script,
        format!(
            "#!/bin/sh\nprintf '%s\\n' \"$@\" > '{}'\nexec '{}' \"$2\"\n",
            arguments.display(),
            doorkey_tests::program::agent()?.display()
        ),
    )
    .and_then(|()| std::fs::set_permissions(&script, Permissions::from_mode(0o700)))
    .map_err(Error::io("write a browser"))?;
    let window = desktop.open().await?;
    window.click("settings").await?;
    window
        .element("settings-browser")
        .await?
        .select_by_label("A command…")
        .await?;
    let field = window.element("settings-browser-command").await?;
    replace(
        field.clone(),
        &format!("'{}' --private %s", script.display()),
    )
    .await?;
    field
        .send_keys(&String::from(char::from(Key::Enter)))
        .await?;
    let file = desktop.session.config_dir().join("desktop.toml");
    becomes("the setting on disk", || async {
        std::fs::read_to_string(&file).is_ok_and(|text| text.contains("--private"))
    })
    .await?;
    window.click("profile-demo").await?;
    window.click("sign-in").await?;
    assert_eq!(window.text("account-name").await?, "Ada Moreno");
    let given = std::fs::read_to_string(&arguments).map_err(Error::io("read the arguments"))?;
    let given: Vec<_> = given.lines().collect();
    assert_eq!((given.len(), given[0]), (2, "--private"));
    assert!(given[1].starts_with("http://127.0.0.1:") && given[1].contains('&'));
    window.close().await
}

#[tokio::test]
async fn a_flow_is_written_to_a_file_that_holds_no_secret() -> Result<()> {
    let desktop = Desktop::start().await?;
    let window = desktop.open_signed_in().await?;
    window.click("tab-flow").await?;
    window.click("flow-export").await?;
    let said = window.text("export-note").await?;
    let written = std::fs::read_dir(desktop.session.home())
        .map_err(Error::io("look for the file"))?
        .flatten()
        .find(|file| {
            file.file_name()
                .to_string_lossy()
                .starts_with("doorkey-sign-in-")
        });
    let file = written.ok_or_else(|| Error::unexpected("export", said.clone()))?;
    assert!(
        said.contains(&*file.file_name().to_string_lossy()),
        "{said}"
    );
    let text = std::fs::read_to_string(file.path()).map_err(Error::io("read the file"))?;
    assert!(text.contains("sequenceDiagram"), "{text}");
    for item in desktop.session.items().await? {
        let secret = item.secret.unwrap_or_default();
        for run in String::from_utf8_lossy(&secret)
            .split('"')
            .filter(|run| run.len() > 32)
        {
            assert!(!text.contains(run), "a secret of {} bytes", run.len());
        }
    }
    assert!(!text.contains("Ada") && !text.contains("ada@"), "{text}");
    window.close().await
}

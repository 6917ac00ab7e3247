use doorkey_core::EDITION;
use doorkey_tests::{Result, process::READY, program};

use crate::desktop::{Desktop, becomes};

#[tokio::test]
async fn without_a_display_the_app_says_so() -> Result<()> {
    let desktop = Desktop::without_tray().await?;
    let program = program::desktop()?.display().to_string();
    for display in ["", ":4711"] {
        let mut command = std::process::Command::new(&program);
        command
            .envs(desktop.session.environment())
            .env("DISPLAY", display)
            .env_remove("WAYLAND_DISPLAY");
        let mut app = doorkey_tests::process::Running::start("doorkey-desktop", command)?;
        let status = app.exit(READY).await?;
        let said = app.stderr();
        assert_eq!(status.code(), Some(1), "{said}");
        assert!(said.contains("there is no display"), "{said}");
        assert!(!said.contains("panicked"), "{said}");
    }
    Ok(())
}

#[tokio::test]
async fn a_second_start_brings_the_first_window_to_the_front() -> Result<()> {
    let desktop = Desktop::start().await?;
    let window = desktop.open().await?;
    window.element("sign-in").await?;
    desktop.minimize().await?;

    let program = program::desktop()?.display().to_string();
    let mut second = desktop.spawn(&program, &[])?;
    let status = second.exit(READY).await?;
    assert!(status.success(), "{status}: {}", second.stderr());
    desktop.when_focused().await?;
    window.close().await
}

#[tokio::test]
async fn closing_hides_the_window_where_the_tray_can_bring_it_back() -> Result<()> {
    let mut desktop = Desktop::start().await?;
    let window = desktop.open().await?;
    let item = desktop.item().await?;
    window.element("sign-in").await?;
    desktop.when_focused().await?;
    desktop.hide_window().await?;
    item.press("Open Doorkey").await?;
    becomes("that the window is back", || async {
        desktop.shows_window().await && desktop.active_window().await == EDITION.name
    })
    .await?;
    window.element("sign-in").await?;
    window.close().await
}

#[tokio::test]
async fn closing_ends_the_app_where_no_tray_could_bring_it_back() -> Result<()> {
    let desktop = Desktop::without_tray().await?;
    let program = program::desktop()?.display().to_string();
    let mut app = desktop.spawn(&program, &[])?;
    desktop.when_focused().await?;
    desktop.run("xdotool", &["key", "alt+F4"]).await?;
    let status = app.exit(READY).await?;
    assert!(status.success(), "{status}: {}", app.stderr());
    Ok(())
}

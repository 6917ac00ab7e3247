use std::{fs, os::unix::fs::PermissionsExt, path::Path};

use doorkey_tests::{
    Error, Result,
    display::Display,
    keychain::{Keyring, PrivateSession},
    process::{READY, Running},
    window::Window,
};

use crate::{command, run};

const PAGE: &str = "data:text/html,<button data-testid=go onclick=\"document.querySelector('p').textContent='gone'\">\
                    Go</button><p data-testid=state>here</p>";

/// The little browser that comes with WebKitGTK: to the drivers it is an app like any other.
const MINI_BROWSER: &str = "webkit2gtk-4.1/MiniBrowser";

#[tokio::test]
async fn finds_clicks_reads_and_closes() -> Result<()> {
    let display = Display::start().await?;
    let session = PrivateSession::start_on(&display, Keyring::Absent).await?;
    let library = run(
        command("pkg-config", &["--variable=libdir", "webkit2gtk-4.1"]),
        &[],
    )
    .await?;
    let application = session.home().join("application");
    let browser = Path::new(library.trim()).join(MINI_BROWSER);
    fs::write(
        &application,
        format!(
            "#!/bin/sh\nexec '{}' --automation \"$@\"\n",
            browser.display()
        ),
    )
    .and_then(|()| fs::set_permissions(&application, fs::Permissions::from_mode(0o700)))
    .map_err(Error::io("write the application's script"))?;

    let window = Window::open(&application, &session.environment()).await?;
    window.driver().goto(PAGE).await?;
    assert_eq!(window.text("state").await?, "here");
    window.click("go").await?;
    assert_eq!(window.text("state").await?, "gone");

    let picture = session.home().join("window.png");
    window.screenshot(&picture).await?;
    assert!(fs::read(&picture).is_ok_and(|png| png.starts_with(b"\x89PNG")));
    let tree = run(
        command("xwininfo", &["-root", "-tree"]),
        &session.environment(),
    )
    .await?;
    assert!(tree.contains("MiniBrowser"), "{tree}");
    window.close().await?;

    let mut tree = Running::start("xwininfo", {
        let mut command = command("xwininfo", &["-root", "-tree"]);
        command.envs(session.environment());
        command
    })?;
    tree.exit(READY).await?;
    assert!(!tree.stdout().contains("MiniBrowser"), "{}", tree.stdout());
    Ok(())
}

//! The next version comes while the app runs and somebody is signed in.

use std::{
    fs::{self, OpenOptions},
    io::Write as _,
    process::Command,
};

use doorkey_tests::{Error, Result};
use tempfile::TempDir;

use crate::{
    layers::{PACKAGE, desktop, install},
    root::{Root, finish, given},
    scene::{App, Scene},
    sign_in::has,
};

/// Older than any version.
const PREVIOUS: &str = "0.0.0~previous";

/// Where the previous package lies inside of the root.
const PREVIOUS_PACKAGE: &str = "/var/tmp/previous.deb";

/// A file that only the previous version has.
const DROPPED: &str = "usr/share/doc/doorkey/dropped";

/// Makes the package of a previous build: another version, other programs, and a file that is dropped later.
async fn bring_previous(root: &Root) -> Result<()> {
    let folder = TempDir::new_in(given("DOORKEY_TEST_SCRATCH")?)
        .map_err(Error::io("make a folder for the previous package"))?;
    let tree = folder.path().join("tree");
    let mut unpack = Command::new("dpkg-deb");
    unpack
        .arg("--raw-extract")
        .arg(given("DOORKEY_TEST_PACKAGE")?)
        .arg(&tree);
    finish("dpkg-deb", unpack).await?;
    let control = tree.join("DEBIAN/control");
    let text = fs::read_to_string(&control).map_err(Error::io("read the control file"))?;
    let lines = text
        .lines()
        .map(|line| match line.strip_prefix("Version: ") {
            Some(_) => format!("Version: {PREVIOUS}\n"),
            None => format!("{line}\n"),
        });
    fs::write(&control, lines.collect::<String>()).map_err(Error::io("write the control file"))?;
    fs::write(tree.join(DROPPED), "").map_err(Error::io("write a file"))?;
    for program in ["doorkey", "doorkey-desktop"] {
        // What lies behind the end of a program is never loaded.
        OpenOptions::new()
            .append(true)
            .open(tree.join("usr/bin").join(program))
            .and_then(|mut file| file.write_all(b"previous"))
            .map_err(Error::io("change a program"))?;
    }
    let mut pack = Command::new("dpkg-deb");
    pack.args(["--root-owner-group", "-Zgzip", "-z1", "--build"])
        .arg(&tree)
        .arg(root.path(PREVIOUS_PACKAGE));
    finish("dpkg-deb", pack).await.map(drop)
}

/// Who is signed in, told by the command and by the API, which answers nobody whose session has ended.
async fn is_alive(scene: &Scene, app: &App) -> Result<()> {
    app.item.menu_when(has("Log out")).await?;
    for arguments in [
        &["status", "--profile", "demo"][..],
        &["api", "/api/me", "--profile", "demo"],
    ] {
        let told = scene.run("doorkey", arguments).await?;
        assert_eq!(told.code, Some(0), "{arguments:?}: {}", told.stderr);
        assert!(
            told.stdout.contains("Ada Moreno"),
            "{arguments:?}: {}",
            told.stdout
        );
    }
    Ok(())
}

async fn version(root: &Root) -> Result<String> {
    root.run(
        "dpkg-query",
        &["--show", "--showformat", "${Version}", "doorkey"],
    )
    .await
}

#[tokio::test]
async fn a_session_lives_on_through_an_upgrade() -> Result<()> {
    let root = desktop().await?;
    bring_previous(&root).await?;
    install(&root, &[PREVIOUS_PACKAGE]).await?;
    assert_eq!(version(&root).await?, PREVIOUS);
    let scene = Scene::start(root).await?;
    let app = scene.launch().await?;
    scene.click("Sign in with").await?;
    scene.hears("Ada Moreno").await?;
    is_alive(&scene, &app).await?;

    install(&scene.root, &[PACKAGE]).await?;
    let upgraded = version(&scene.root).await?;
    assert_ne!(upgraded, PREVIOUS);
    assert!(!scene.root.path(DROPPED).exists());
    let program =
        fs::read(scene.root.path("/usr/bin/doorkey")).map_err(Error::io("read the command"))?;
    assert!(!program.ends_with(b"previous"));

    // The app that was started before goes on, and a start of the new one leads to its window.
    is_alive(&scene, &app).await?;
    scene.close_window().await?;
    let mut second = scene.spawn("gtk-launch", &["Doorkey"])?;
    scene.when_shown().await?;
    second.exit(doorkey_tests::process::READY).await?;
    // The refresh is done by the page and the program of the version before.
    scene.click("Refresh now").await?;
    is_alive(&scene, &app).await?;
    scene.picture("upgraded").await?;
    app.quit().await?;

    // A browser that nobody could see: whoever is shown was restored.
    let app = scene.launch().await?;
    scene.hears("Ada Moreno").await?;
    is_alive(&scene, &app).await?;
    app.quit().await
}

//! Removing the package, and what stays: what the person has made, in their home.

use std::{collections::BTreeSet, fs};

use doorkey_tests::{Result, program::repository};

use crate::{
    layers::{PACKAGE, desktop, install, installed},
    root::{HOME, Root},
    scene::{Scene, becomes},
    sign_in::{AUTOSTART, has},
};

const INSTALL_DOCUMENT: &str = "docs/install.md";

/// What the document says to be there only where no package has been installed.
const WITHOUT_PACKAGE: &str = ".local/share/applications/doorkey-desktop-handler.desktop";

/// What the desktop keeps for all programs: the keychain, with whatever is in it, and what the graphics library has compiled.
const OF_THE_DESKTOP: [&str; 2] = [".local/share/keyrings/", ".cache/mesa_shader_cache/"];

/// The places in the person's home that the document speaks of for Linux, as in `~/.config/doorkey`.
fn documented() -> Vec<String> {
    let document = fs::read_to_string(repository().join(INSTALL_DOCUMENT)).unwrap_or_default();
    let linux = document
        .split("\n## ")
        .find(|part| part.starts_with("Linux\n"));
    let code = linux.unwrap_or_default().split('`').skip(1).step_by(2);
    code.filter_map(|code| code.strip_prefix("~/").map(str::to_owned))
        .filter(|place| place != WITHOUT_PACKAGE)
        .collect()
}

/// What of the package is there: its programs, its entry, its place in lists.
async fn traces(root: &Root) -> Result<Vec<String>> {
    let name = |path: &String| path.rsplit('/').next().unwrap_or_default().to_lowercase();
    let mut traces: Vec<_> = root
        .files()?
        .into_iter()
        .filter(|path| name(path).contains("doorkey") && !path.starts_with("/var/tmp/"))
        .filter(|path| path != "/usr/local/bin/doorkey-agent")
        .collect();
    let cache = root.path("/usr/share/applications/mimeinfo.cache");
    if fs::read_to_string(cache).is_ok_and(|cache| cache.to_lowercase().contains("doorkey")) {
        traces.push("the list of who opens what".to_owned());
    }
    Ok(traces)
}

/// What is in the person's home, without folders.
fn home(root: &Root) -> BTreeSet<String> {
    let home = root.path(HOME);
    let mut files = BTreeSet::new();
    let mut folders = vec![home.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                folders.push(entry.path());
            } else if let Ok(path) = entry.path().strip_prefix(&home) {
                files.insert(path.display().to_string());
            }
        }
    }
    files
}

#[tokio::test]
async fn removing_leaves_what_the_person_has_made_and_purging_nothing_else() -> Result<()> {
    let before = desktop().await?;
    let scene = Scene::start(installed().await?).await?;
    let root = &scene.root;
    let empty_home = home(root);
    assert!(!traces(root).await?.is_empty(), "traces are seen");

    let app = scene.launch().await?;
    scene.click("Sign in with").await?;
    scene.hears("Ada Moreno").await?;
    scene.click("Settings").await?;
    scene.click("Start when I log in").await?;
    becomes("the entry", || async { root.path(AUTOSTART).exists() }).await?;
    app.quit().await?;
    let kept: Vec<_> = home(root).difference(&empty_home).cloned().collect();

    root.run("apt-get", &["remove", "--yes", "doorkey"]).await?;
    assert_eq!(traces(root).await?, [""; 0], "after removing");
    let handler = ["query", "default", "x-scheme-handler/dev.doorkey.app"];
    let handler = scene.run("xdg-mime", &handler).await?;
    assert_eq!(handler.stdout.trim(), "");
    assert_eq!(root.files()?, before.files()?, "after removing");
    let mine = home(root);
    let mine: Vec<_> = mine.difference(&empty_home).collect();
    assert_eq!(
        mine,
        kept.iter().collect::<Vec<_>>(),
        "nothing in the home is touched"
    );
    is_what_the_document_says(root, &kept);

    // Whoever comes back finds their session, and is asked nothing.
    install(root, &[PACKAGE]).await?;
    let app = scene.launch().await?;
    scene.hears("Ada Moreno").await?;
    app.item.menu_when(has("Log out")).await?;
    scene.picture("reinstalled").await?;
    app.quit().await?;

    root.run("apt-get", &["purge", "--yes", "doorkey"]).await?;
    assert_eq!(root.files()?, before.files()?, "after purging");
    assert!(home(root).is_superset(&kept.into_iter().collect()));
    Ok(())
}

/// The document speaks of all that stays, and of nothing else.
fn is_what_the_document_says(root: &Root, kept: &[String]) {
    let documented = documented();
    let is_in = |path: &str, places: &[&str]| places.iter().any(|place| path.starts_with(place));
    let spoken_of: Vec<_> = documented.iter().map(String::as_str).collect();
    let silent: Vec<_> = kept
        .iter()
        .filter(|path| !is_in(path, &spoken_of) && !is_in(path, &OF_THE_DESKTOP))
        .collect();
    assert!(
        silent.is_empty(),
        "{INSTALL_DOCUMENT} does not speak of {silent:#?}"
    );
    for place in &documented {
        let place = format!("{HOME}/{place}");
        assert!(
            root.path(&place).exists(),
            "{INSTALL_DOCUMENT} speaks of {place}, which is not there"
        );
    }
}

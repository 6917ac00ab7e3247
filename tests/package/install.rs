//! What installing the package brings.

use std::{fs, path::Path, process::Command};

use doorkey_tests::{Error, Result, display::Display, process::Running};

use crate::{
    layers::{PACKAGE, clean, install, installed},
    root::{Root, User, finish},
};

/// What the package brings, by its own list, without folders.
async fn contents(root: &Root) -> Result<Vec<String>> {
    let list = root.run("dpkg-query", &["--listfiles", "doorkey"]).await?;
    let files = list.lines().filter(|path| !root.path(path).is_dir());
    Ok(files.map(str::to_owned).collect())
}

/// What apt would install, by what it told.
fn brought(told: &str) -> Vec<&str> {
    told.lines()
        .filter_map(|line| line.strip_prefix("Inst ")?.split(' ').next())
        .collect()
}

#[tokio::test]
async fn what_it_depends_on_is_all_that_it_needs() -> Result<()> {
    let root = clean().await?;
    let told = install(&root, &["--simulate", PACKAGE]).await?;
    assert_eq!(brought(&told), ["doorkey"], "the root has all else already");
    let told = install(&root, &["--simulate", "--install-recommends", PACKAGE]).await?;
    assert!(brought(&told).contains(&"gnome-keyring"), "{told}");
    install(&root, &[PACKAGE]).await?;
    let audit = root.run("dpkg", &["--audit"]).await?;
    assert_eq!(audit, "", "dpkg finds nothing half done");
    let installed = root
        .run("dpkg-query", &["--show", "--showformat", "${Package}\n"])
        .await?;
    let for_developers: Vec<_> = installed
        .lines()
        .filter(|name| name.ends_with("-dev"))
        .collect();
    assert_eq!(for_developers, [""; 0]);
    for program in ["/usr/bin/doorkey", "/usr/bin/doorkey-desktop"] {
        let libraries = root.run("ldd", &[program]).await?;
        assert!(libraries.contains("libc.so"), "{libraries}");
        assert!(!libraries.contains("not found"), "{program}: {libraries}");
    }

    // A root without a desktop, not even a bus: the window opens all the same.
    let display = Display::start().await?;
    let mut app = root.command(User::Person, "doorkey-desktop");
    app.envs(display.environment());
    let _app = Running::start("doorkey-desktop", app)?;
    let mut window = Command::new("xdotool");
    window
        .args(["search", "--sync", "--onlyvisible", "--name", "^Doorkey$"])
        .envs(display.environment());
    finish("xdotool", window).await.map(drop)
}

#[tokio::test]
async fn the_command_has_a_manual_and_completions() -> Result<()> {
    let root = installed().await?;
    let version = root.run("doorkey", &["--version"]).await?;
    assert_eq!(
        version.trim(),
        concat!("doorkey ", env!("CARGO_PKG_VERSION"))
    );

    let pages: Vec<_> = contents(&root)
        .await?
        .into_iter()
        .filter(|path| path.starts_with("/usr/share/man/"))
        .collect();
    for name in ["doorkey", "doorkey-desktop", "doorkey-login"] {
        let page = format!("/usr/share/man/man1/{name}.1.gz");
        assert!(pages.contains(&page), "{name} has no page: {pages:?}");
    }
    for page in &pages {
        let mut man = Command::new("man");
        let options = ["--warnings", "--encoding=UTF-8", "--local-file"];
        man.args(options)
            .arg(root.path(page))
            .env("LC_ALL", "C.UTF-8")
            .env("MANWIDTH", "100");
        let shown = finish("man", man).await?;
        for heading in ["NAME", "SYNOPSIS", "DESCRIPTION"] {
            assert!(shown.contains(heading), "{page} has no {heading}:\n{shown}");
        }
    }

    // What bash offers behind `doorkey lo` and the key for completion.
    let complete = "source /usr/share/bash-completion/completions/doorkey; COMP_WORDS=(doorkey lo); COMP_CWORD=1; \
        COMP_LINE='doorkey lo'; COMP_POINT=10; $(complete -p doorkey | sed 's/.*-F \\([^ ]*\\).*/\\1/') doorkey lo doorkey; \
        echo ${COMPREPLY[@]}";
    let offered = root.run("bash", &["-c", complete]).await?;
    assert_eq!(offered.trim(), "login logout");
    Ok(())
}

#[tokio::test]
async fn the_desktop_knows_the_app_and_its_links() -> Result<()> {
    let root = installed().await?;
    let files = contents(&root).await?;
    let entries: Vec<_> = files
        .iter()
        .filter(|path| path.starts_with("/usr/share/applications/"))
        .collect();
    assert_eq!(entries, ["/usr/share/applications/Doorkey.desktop"]);
    let entry = fs::read_to_string(root.path(entries[0])).map_err(Error::io("read the entry"))?;
    let says = |line: &str| entry.lines().any(|other| other == line);
    assert!(says("Exec=doorkey-desktop %u"), "{entry}");
    assert!(
        says("MimeType=x-scheme-handler/dev.doorkey.app;"),
        "{entry}"
    );

    let icon = entry
        .lines()
        .find_map(|line| line.strip_prefix("Icon="))
        .unwrap_or_default();
    let sizes: Vec<_> = files
        .iter()
        .filter(|path| path.starts_with("/usr/share/icons/hicolor/"))
        .filter(|path| Path::new(path).file_stem().is_some_and(|name| name == icon))
        .collect();
    for size in ["16x16", "32x32", "48x48", "128x128", "256x256", "scalable"] {
        let folder = format!("/{size}/apps/");
        assert!(
            sizes.iter().any(|path| path.contains(&folder)),
            "no {size} in {sizes:?}"
        );
    }

    // Asked by the person, as their browser asks.
    let mut query = root.command(User::Person, "xdg-mime");
    query.args(["query", "default", "x-scheme-handler/dev.doorkey.app"]);
    assert_eq!(finish("xdg-mime", query).await?.trim(), "Doorkey.desktop");
    Ok(())
}

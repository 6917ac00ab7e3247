//! The roots that tests start from. Each is made once, by the first test that wants it.

use std::fs;

use doorkey_tests::{Error, Result, program};
use tokio::sync::OnceCell;

use crate::root::{Layers, Root, given};

/// What a desktop has and the package does without: a session bus, a keychain, what starts programs by their entries, and
/// what tells a screen reader of windows. Their packages lie in the clean root, not installed.
const OF_A_DESKTOP: [&str; 5] = [
    "at-spi2-core",
    "dbus-user-session",
    "gnome-keyring",
    "libglib2.0-bin",
    "libgtk-3-bin",
];

/// The person's browser, installed as browsers are.
const BROWSER: &str = "/usr/local/bin/doorkey-agent";
const BROWSER_ENTRY: &str = "/usr/share/applications/scripted-browser.desktop";

/// Where the package lies inside of each root.
pub(crate) const PACKAGE: &str = "/var/tmp/doorkey.deb";

/// A root that has what the package depends on, and nothing else.
pub(crate) async fn clean() -> Result<Root> {
    static CLEAN: OnceCell<Layers> = OnceCell::const_new();
    let made = CLEAN.get_or_try_init(|| async {
        let root = Root::over(&vec![given("DOORKEY_TEST_ROOT")?]).await?;
        fs::copy(given("DOORKEY_TEST_PACKAGE")?, root.path(PACKAGE))
            .map_err(Error::io("copy the package"))?;
        Ok::<_, Error>(root.into_layers())
    });
    Root::over(made.await?).await
}

/// A root with a desktop and a browser, without the package.
pub(crate) async fn desktop() -> Result<Root> {
    static DESKTOP: OnceCell<Layers> = OnceCell::const_new();
    let made = DESKTOP.get_or_try_init(|| async {
        let root = clean().await?;
        fs::copy(program::agent()?, root.path(BROWSER)).map_err(Error::io("copy the browser"))?;
        let entry = root.path(BROWSER_ENTRY);
        // The clean root may have no program that has an entry yet.
        entry
            .parent()
            .map_or(Ok(()), fs::create_dir_all)
            .and_then(|()| fs::write(&entry, browser_entry()))
            .map_err(Error::io("write the browser's entry"))?;
        install(&root, &OF_A_DESKTOP).await?;
        Ok::<_, Error>(root.into_layers())
    });
    Root::over(made.await?).await
}

/// A root with a desktop on which the package has been installed.
pub(crate) async fn installed() -> Result<Root> {
    static INSTALLED: OnceCell<Layers> = OnceCell::const_new();
    let made = INSTALLED.get_or_try_init(|| async {
        let root = desktop().await?;
        install(&root, &[PACKAGE]).await?;
        Ok::<_, Error>(root.into_layers())
    });
    Root::over(made.await?).await
}

/// Installs packages with what they depend on, and nothing that they only recommend. What is not in the root already
/// cannot be had: there is no network.
pub(crate) async fn install(root: &Root, packages: &[&str]) -> Result<String> {
    const INSTALL: [&str; 3] = ["install", "--yes", "--no-install-recommends"];
    root.run("apt-get", &[&INSTALL[..], packages].concat())
        .await
}

/// It hands links to the system, as browsers do.
fn browser_entry() -> String {
    format!(
        "[Desktop Entry]\nType=Application\nName=Scripted browser\n\
         Exec=env DOORKEY_AGENT_OPENER=xdg-open DOORKEY_AGENT_LOG=/tmp/browser.log {BROWSER} %u\n\
         Categories=Network;WebBrowser;\nMimeType=x-scheme-handler/http;x-scheme-handler/https;\n"
    )
}

//! `doorkey` from an AppImage or a Snap: the browser is the system's, and gets the system's environment.

use std::{
    collections::BTreeMap,
    env, fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
};

use doorkey_tests::{Error, Result, command_line::CommandLine, keychain::Keyring, program};

/// A folder as an AppImage is mounted on, or a Snap.
const BUNDLE: &str = ".mount_Doorke";

/// A program that notes its environment, and then signs in as a browser would.
fn browser(path: &Path, notes: &Path) -> Result<()> {
    let agent = program::agent()?;
    let text = format!(
        "#!/bin/sh\nenv >'{}'\nexec '{}' \"$@\"\n",
        notes.display(),
        agent.display()
    );
    fs::create_dir_all(path.parent().unwrap_or(path))
        .and_then(|()| fs::write(path, text))
        .and_then(|()| fs::set_permissions(path, fs::Permissions::from_mode(0o700)))
        .map_err(Error::io("write a browser"))
}

fn noted(notes: &Path) -> Result<BTreeMap<String, String>> {
    let text = fs::read_to_string(notes).map_err(Error::io("read what the browser has noted"))?;
    let pairs = text.lines().filter_map(|line| line.split_once('='));
    Ok(pairs
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect())
}

/// What the launchers of an AppImage of Tauri's set, with what the person has had in it.
fn appimage(bundle: &str, path: &str) -> Vec<(&'static str, String)> {
    vec![
        ("APPDIR", bundle.to_owned()),
        ("APPIMAGE", "/home/ada/Doorkey.AppImage".to_owned()),
        ("ARGV0", "./Doorkey.AppImage".to_owned()),
        ("OWD", "/".to_owned()),
        (
            "PATH",
            format!("{bundle}/usr/bin/:{bundle}/usr/sbin/:{path}"),
        ),
        (
            "LD_LIBRARY_PATH",
            format!("{bundle}/usr/lib/:{bundle}/lib/:"),
        ),
        ("XDG_DATA_DIRS", format!("{bundle}/usr/share:/usr/share")),
        ("PYTHONHOME", format!("{bundle}/usr/")),
        ("PYTHONDONTWRITEBYTECODE", "1".to_owned()),
        ("PERLLIB", format!("{bundle}/usr/share/perl5/:")),
        ("QT_PLUGIN_PATH", format!("{bundle}/usr/lib/qt5/plugins/:")),
        (
            "GSETTINGS_SCHEMA_DIR",
            format!("{bundle}//usr/share/glib-2.0/schemas"),
        ),
        ("GTK_DATA_PREFIX", bundle.to_owned()),
        ("GTK_THEME", "Adwaita:light".to_owned()),
        ("GDK_BACKEND", "x11".to_owned()),
        ("GTK_PATH", format!("{bundle}//usr/lib/gtk-3.0")),
        ("GIO_EXTRA_MODULES", format!("{bundle}/usr/lib/gio/modules")),
        ("OF_THE_PERSON", "stays".to_owned()),
    ]
}

/// What becomes of it: nothing of the bundle, all of the person's.
fn is_the_systems(noted: &BTreeMap<String, String>, path: &str) {
    for (name, value) in noted {
        assert!(!value.contains(BUNDLE), "{name}={value}");
    }
    for name in [
        "APPDIR",
        "APPIMAGE",
        "ARGV0",
        "OWD",
        "SNAP",
        "SNAP_NAME",
        "LD_LIBRARY_PATH",
        "GTK_THEME",
        "GDK_BACKEND",
    ] {
        assert_eq!(noted.get(name), None, "{name}");
    }
    let of = |name: &str| noted.get(name).map(String::as_str);
    assert_eq!(of("PATH"), Some(path));
    assert_eq!(of("XDG_DATA_DIRS"), Some("/usr/share"));
    assert_eq!(of("OF_THE_PERSON"), Some("stays"));
}

async fn in_session(variables: Vec<(&'static str, String)>) -> Result<CommandLine> {
    let doorkey = CommandLine::start(Keyring::Unlocked).await?;
    Ok(variables
        .into_iter()
        .fold(doorkey, |doorkey, (name, value)| doorkey.with(name, value)))
}

struct Place {
    _folder: tempfile::TempDir,
    folder: PathBuf,
    bundle: String,
    notes: PathBuf,
}

impl Place {
    fn new() -> Result<Self> {
        let folder = tempfile::tempdir().map_err(Error::io("make a folder"))?;
        let path = folder.path().to_owned();
        Ok(Self {
            bundle: path.join(BUNDLE).display().to_string(),
            notes: path.join("notes"),
            folder: path,
            _folder: folder,
        })
    }
}

#[tokio::test]
async fn from_an_appimage_the_named_browser_gets_the_systems_environment() -> Result<()> {
    let place = Place::new()?;
    let script = place.folder.join("browser");
    browser(&script, &place.notes)?;
    let path = env::var("PATH").unwrap_or_default();
    let doorkey = in_session(appimage(&place.bundle, &path)).await?;
    let doorkey = doorkey.with("BROWSER", script.display().to_string());
    let _demo = doorkey.demo().await?;
    doorkey.output(&["login"]).await?;
    is_the_systems(&noted(&place.notes)?, &path);
    Ok(())
}

#[tokio::test]
async fn from_an_appimage_it_is_the_systems_own_opener_that_opens() -> Result<()> {
    let place = Place::new()?;
    let (bundled, own) = (place.folder.join("bundled"), place.folder.join("own"));
    browser(&Path::new(&place.bundle).join("usr/bin/xdg-open"), &bundled)?;
    browser(&place.folder.join("bin/xdg-open"), &own)?;
    let path = format!(
        "{}:{}",
        place.folder.join("bin").display(),
        env::var("PATH").unwrap_or_default()
    );
    let doorkey = in_session(appimage(&place.bundle, &path)).await?;
    // A display makes it worth trying; nobody connects to it.
    let doorkey = doorkey.with("BROWSER", "").with("DISPLAY", ":4242");
    let _demo = doorkey.demo().await?;
    doorkey.output(&["login"]).await?;
    assert!(!bundled.exists(), "the bundle's own opener was started");
    is_the_systems(&noted(&own)?, &path);
    Ok(())
}

#[tokio::test]
async fn from_a_snap_the_browser_gets_the_systems_environment() -> Result<()> {
    let place = Place::new()?;
    let script = place.folder.join("browser");
    browser(&script, &place.notes)?;
    let path = env::var("PATH").unwrap_or_default();
    let bundle = &place.bundle;
    let doorkey = in_session(vec![
        ("SNAP", bundle.clone()),
        ("SNAP_NAME", "doorkey".to_owned()),
        ("SNAP_USER_COMMON", format!("{bundle}/common")),
        ("PATH", format!("{bundle}/usr/bin:{path}")),
        ("LD_LIBRARY_PATH", format!("{bundle}/lib")),
        ("XDG_DATA_DIRS", format!("{bundle}/usr/share")),
        ("XDG_DATA_DIRS_VSCODE_SNAP_ORIG", "/usr/share".to_owned()),
        (
            "GIO_MODULE_DIR",
            format!("{bundle}/common/.cache/gio-modules"),
        ),
        ("GDK_BACKEND", "wayland".to_owned()),
        ("OF_THE_PERSON", "stays".to_owned()),
        ("BROWSER", script.display().to_string()),
    ])
    .await?;
    let _demo = doorkey.demo().await?;
    doorkey.output(&["login"]).await?;
    is_the_systems(&noted(&place.notes)?, &path);
    Ok(())
}

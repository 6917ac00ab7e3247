//! Where the app and the embedded provider keep what the engine does not know of.

use std::fs;
use std::io::{Error, ErrorKind};
use std::path::{Path, PathBuf};

use doorkey_core::EDITION;

use super::links;

/// What is beside the engine's own in the config folder.
const IN_THE_FOLDER: [&str; 4] = ["calls", "demo", "desktop.toml", "flows"];

/// Removes what is there, and says what it was. The folder itself goes when nothing is left in it.
///
/// # Errors
/// What could not be removed. Whatever comes after it is still there.
pub(super) fn remove(folder: &Path) -> Result<Vec<PathBuf>, (PathBuf, Error)> {
    let mut places: Vec<PathBuf> = IN_THE_FOLDER.iter().map(|name| folder.join(name)).collect();
    // Whoever names another folder means that one, and not what the installed app has beside its own.
    let usual = dirs::config_dir().map(|folder| folder.join(EDITION.folder));
    let is_usual = usual.is_some_and(|usual| usual == folder);
    if is_usual {
        places.extend(on_this_account());
    }
    let mut removed = Vec::new();
    for place in places {
        match remove_one(&place) {
            Ok(()) => removed.push(place),
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err((place, error)),
        }
    }
    if is_usual && let Some(file) = links::forget()? {
        removed.push(file);
    }
    if left(folder).is_empty() && fs::remove_dir(folder).is_ok() {
        removed.push(folder.to_owned());
    }
    Ok(removed)
}

/// What is still in the folder.
pub(super) fn left(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut left: Vec<_> = entries.map(|entry| entry.path()).collect();
    left.sort();
    left
}

/// What the window's web view keeps for itself, and the entries that the app writes for the system when it is asked to.
fn on_this_account() -> Vec<PathBuf> {
    let of_the_web_view = [dirs::data_local_dir(), dirs::cache_dir()];
    let mut places: Vec<PathBuf> = of_the_web_view
        .into_iter()
        .flatten()
        .map(|folder| folder.join(EDITION.identifier))
        .collect();
    if cfg!(target_os = "linux") {
        let autostart = format!("autostart/{}.desktop", EDITION.name);
        // The library that writes it knows this folder only.
        places.extend(dirs::home_dir().map(|home| home.join(".config").join(&autostart)));
        places.extend(links::entry());
    }
    if cfg!(target_os = "macos")
        && let Some(library) = dirs::home_dir().map(|home| home.join("Library"))
    {
        places.push(library.join(format!("LaunchAgents/{}.plist", EDITION.name)));
        places.push(library.join("WebKit").join(EDITION.identifier));
    }
    places
}

fn remove_one(place: &Path) -> Result<(), Error> {
    // Of a link only the link is removed.
    if fs::symlink_metadata(place)?.is_dir() {
        fs::remove_dir_all(place)
    } else {
        fs::remove_file(place)
    }
}

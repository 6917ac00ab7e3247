//! The applications that are known to be browsers.

use std::path::{Path, PathBuf};

use super::InstalledBrowser;
use crate::application::application_for;
use crate::browser::BrowserCommand;

/// The names of bundles, without `.app`.
const KNOWN: [&str; 15] = [
    "Arc",
    "Brave Browser",
    "Chromium",
    "DuckDuckGo",
    "Firefox",
    "Firefox Developer Edition",
    "Google Chrome",
    "LibreWolf",
    "Microsoft Edge",
    "Opera",
    "Orion",
    "Safari",
    "Vivaldi",
    "Waterfox",
    "Zen",
];

/// Where applications are; Safari comes with the system, on a volume of its own.
const FOLDERS: [&str; 3] = [
    "/Applications",
    "/System/Applications",
    "/System/Cryptexes/App/System/Applications",
];

pub(super) fn installed() -> Vec<InstalledBrowser> {
    let chosen = application_for("https://localhost/").map(|application| application.name);
    let own = dirs::home_dir().map(|home| home.join("Applications"));
    let folders: Vec<PathBuf> = FOLDERS.iter().map(PathBuf::from).chain(own).collect();
    KNOWN
        .into_iter()
        .filter(|name| folders.iter().any(|folder| is_in(folder, name)))
        .filter_map(|name| {
            let words = ["/usr/bin/open", "-a", name].map(str::to_owned);
            Some(InstalledBrowser {
                name: name.to_owned(),
                command: BrowserCommand::of_words(words.to_vec())?,
                is_default: chosen.as_deref() == Some(name),
            })
        })
        .collect()
}

fn is_in(folder: &Path, name: &str) -> bool {
    folder.join(format!("{name}.app")).is_dir()
}

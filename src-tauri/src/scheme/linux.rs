//! The desktop entries of Linux, and the one among them that `xdg-mime` calls the default.

use std::process::Command;

use tauri::AppHandle;

use crate::effects::Claim;
use crate::start::SCHEME;

/// The entries that start this program: the installed one, and the one that is written at run time.
const OURS: [&str; 2] = ["Doorkey.desktop", "doorkey-desktop-handler.desktop"];

pub(super) fn claim(app: &AppHandle) -> Claim {
    match default_entry() {
        Some(entry) if entry == OURS[0] => Claim::Ours,
        // Written anew each time: the program may have been moved since.
        Some(entry) if entry == OURS[1] => super::register(app),
        Some(entry) => Claim::Others {
            program: entry.strip_suffix(".desktop").map(str::to_owned),
        },
        None => match super::register(app) {
            Claim::Ours if default_entry().is_none() => Claim::Impossible {
                reason: "the system does not remember it".to_owned(),
            },
            claim => claim,
        },
    }
}

/// The desktop entry that opens links of the scheme.
fn default_entry() -> Option<String> {
    let output = Command::new("xdg-mime")
        .args(["query", "default", &format!("x-scheme-handler/{SCHEME}")])
        .output()
        .inspect_err(|error| tracing::info!(%error, "xdg-mime cannot be asked"))
        .ok()?;
    let entry = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    (!entry.is_empty()).then_some(entry)
}

//! The command that the registry of Windows has for a scheme.

use tauri::AppHandle;
use windows_registry::CLASSES_ROOT;

use crate::effects::Claim;
use crate::start::SCHEME;

/// The program's file, wherever it is.
const OURS: &str = r"\doorkey-desktop.exe";

pub(super) fn claim(app: &AppHandle) -> Claim {
    let command = CLASSES_ROOT
        .open(format!(r"{SCHEME}\shell\open\command"))
        .and_then(|key| key.get_string(""));
    match command {
        Ok(command) if !command.to_lowercase().contains(OURS) => Claim::Others { program: None },
        // Nobody has registered it, or we have, perhaps from another place.
        _ => super::register(app),
    }
}

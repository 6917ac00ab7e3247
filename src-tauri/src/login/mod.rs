//! Starting at login. Whether the app does so is the system's to remember, and for the person to change there as well.

#[cfg(target_os = "linux")]
#[path = "linux.rs"]
mod imp;
#[cfg(target_os = "macos")]
#[path = "macos.rs"]
mod imp;
#[cfg(windows)]
#[path = "windows.rs"]
mod imp;

use tauri::AppHandle;

/// Whether the app starts at login; nothing where the system does not tell.
pub(crate) fn starts(app: &AppHandle) -> Option<bool> {
    imp::is_enabled(app)
        .inspect_err(|error| tracing::info!(%error, "nothing starts at login here"))
        .ok()
}

/// Makes it so, or not.
///
/// # Errors
/// Why the system does not take it, in its own words.
pub(crate) fn start(app: &AppHandle, wanted: bool) -> Result<(), String> {
    imp::enable(app, wanted).map_err(|error| error.to_string())
}

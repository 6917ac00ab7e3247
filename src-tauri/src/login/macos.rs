//! A launch agent.

use tauri::AppHandle;
use tauri_plugin_autostart::{Error, ManagerExt as _};

pub(super) fn is_enabled(app: &AppHandle) -> Result<bool, Error> {
    app.autolaunch().is_enabled()
}

pub(super) fn enable(app: &AppHandle, wanted: bool) -> Result<(), Error> {
    let autolaunch = app.autolaunch();
    if wanted {
        autolaunch.enable()
    } else {
        autolaunch.disable()
    }
}

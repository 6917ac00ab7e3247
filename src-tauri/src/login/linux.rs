//! An entry among those that start with the session
//! ([Desktop Application Autostart](https://specifications.freedesktop.org/autostart-spec/latest/)).
//!
//! Not by the plugin: it writes the path without quotes, so that a space ends it, and takes the variable of any AppImage
//! for its own.

use auto_launch::{AutoLaunch, LinuxLaunchMode, Result};
use doorkey_core::EDITION;
use tauri::AppHandle;

use crate::desktop_entry;
use crate::start::HIDDEN;

pub(super) fn is_enabled(_app: &AppHandle) -> Result<bool> {
    entry()?.is_enabled()
}

pub(super) fn enable(_app: &AppHandle, wanted: bool) -> Result<()> {
    let entry = entry()?;
    if wanted {
        entry.enable()
    } else {
        entry.disable()
    }
}

fn entry() -> Result<AutoLaunch> {
    let program = desktop_entry::program()?;
    Ok(AutoLaunch::new(
        EDITION.name,
        &program,
        LinuxLaunchMode::XdgAutostart,
        &[HIDDEN],
    ))
}

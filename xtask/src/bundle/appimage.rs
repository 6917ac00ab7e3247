//! The AppImage: made where its tools can be had.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::{failed, places::Places, tauri};
use crate::command::{Failure, say};

/// Makes it, or says why not: Tauri fetches programs that some networks do not hand out, and nothing else depends on it.
pub(super) fn attempt(places: &Places, trees: &Path) -> Result<Option<PathBuf>, Failure> {
    if let Err(failure) = tauri::bundle(places, &["appimage"], trees, &[]) {
        say(format!("No AppImage: {failure}"));
        return Ok(None);
    }
    let made = tauri::made(places, "AppImage")?;
    let result = places.results.join(made.file_name().unwrap_or_default());
    fs::copy(&made, &result).map_err(failed("copy", &made))?;
    Ok(Some(result))
}

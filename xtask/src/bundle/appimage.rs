//! The AppImage: made where its tools can be had.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use super::{failed, places::Places, tauri};
use crate::command::{Failure, say};

/// What Tauri's bundler fetches, and keeps.
const TOOLS: [&str; 4] = [
    "AppRun-x86_64",
    "linuxdeploy-plugin-appimage.AppImage",
    "linuxdeploy-plugin-gtk.sh",
    "linuxdeploy-x86_64.AppImage",
];

/// Makes it, or says why not: some networks do not hand out what Tauri fetches, and nothing else depends on it.
pub(super) fn attempt(places: &Places, trees: &Path) -> Result<Option<PathBuf>, Failure> {
    if let Err(failure) = tauri::bundle(places, &["appimage"], trees, &[]) {
        let missing = missing();
        say(match &missing[..] {
            [] => format!("No AppImage: {failure}"),
            _ => format!(
                "No AppImage, since Tauri's bundler could not fetch {}",
                missing.join(", ")
            ),
        });
        return Ok(None);
    }
    let made = tauri::made(places, "AppImage")?;
    let result = places.results.join(made.file_name().unwrap_or_default());
    fs::copy(&made, &result).map_err(failed("copy", &made))?;
    Ok(Some(result))
}

/// Those of the tools that are not where the bundler keeps them.
fn missing() -> Vec<&'static str> {
    let cache = env::var_os("XDG_CACHE_HOME")
        .map(PathBuf::from)
        .or_else(|| Some(PathBuf::from(env::var_os("HOME")?).join(".cache")))
        .unwrap_or_default();
    TOOLS
        .into_iter()
        .filter(|tool| !cache.join("tauri").join(tool).exists())
        .collect()
}

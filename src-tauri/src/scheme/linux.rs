//! The desktop entries of Linux, and the one among them that `xdg-mime` calls the default.

use std::process::Stdio;
use std::{fs, io};

use doorkey_core::{EDITION, host_command};
use tauri::AppHandle;

use crate::desktop_entry;
use crate::effects::Claim;
use crate::start::SCHEME;

/// The entries that start this program: the installed one, and the one that is written at run time.
const OURS: [&str; 2] = ["Doorkey.desktop", EDITION.links_entry];

pub(super) fn claim(_app: &AppHandle) -> Claim {
    match default_entry() {
        Some(entry) if entry == OURS[0] => Claim::Ours,
        // Written anew each time: the program may have been moved since.
        Some(entry) if entry == OURS[1] => claimed(),
        Some(entry) => Claim::Others {
            program: entry.strip_suffix(".desktop").map(str::to_owned),
        },
        None => match claimed() {
            Claim::Ours if default_entry().is_none() => Claim::Impossible {
                reason: "the system does not remember it".to_owned(),
            },
            claim => claim,
        },
    }
}

fn claimed() -> Claim {
    match register() {
        Ok(()) => Claim::Ours,
        Err(error) => Claim::Impossible {
            reason: error.to_string(),
        },
    }
}

/// Writes an entry that starts this program, and makes it the default.
///
/// Not by the plugin: from within an AppImage it runs the system's programs with the image's libraries, and takes the
/// variable of any AppImage for its own.
fn register() -> io::Result<()> {
    let data = dirs::data_dir().ok_or(io::ErrorKind::NotFound)?;
    let folder = data.join("applications");
    fs::create_dir_all(&folder)?;
    fs::write(folder.join(OURS[1]), entry(&desktop_entry::program()?))?;
    // An index, which not every system has.
    if let Err(error) = host_command("update-desktop-database")
        .arg(&folder)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
    {
        tracing::debug!(%error, "there is no index of desktop entries");
    }
    let remembered = host_command("xdg-mime")
        .args(["default", OURS[1], &mime_type()])
        .status()?;
    if remembered.success() {
        return Ok(());
    }
    Err(io::Error::other(format!("xdg-mime failed: {remembered}")))
}

fn entry(program: &str) -> String {
    format!(
        "[Desktop Entry]\nType=Application\nName={}\nExec={program} %u\nTerminal=false\nMimeType={};\nNoDisplay=true\n",
        EDITION.name,
        mime_type()
    )
}

fn mime_type() -> String {
    format!("x-scheme-handler/{SCHEME}")
}

/// The desktop entry that opens links of the scheme.
fn default_entry() -> Option<String> {
    let output = host_command("xdg-mime")
        .args(["query", "default", &mime_type()])
        .output()
        .inspect_err(|error| tracing::info!(%error, "xdg-mime cannot be asked"))
        .ok()?;
    let entry = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    (!entry.is_empty()).then_some(entry)
}

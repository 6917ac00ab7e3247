//! Where an exported flow is written to: the folder in which people look for files they asked for.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Local};
use doorkey_core::Code;

use super::export::{self, About};
use crate::view::{ExportView, FlowSummary, FlowView, Problem};

/// How many files of one flow there can be.
const MOST_FILES: u32 = 1_000;

/// A flow that was written to a file.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Exported {
    /// What to tell the person.
    pub(crate) view: ExportView,
    /// The file, to show it in its folder.
    pub(crate) path: PathBuf,
}

/// Writes a flow into a new file in the person's folder for downloads, or else in their home. It takes its time, so it is
/// for a thread that may wait.
///
/// # Errors
/// If there is no such folder, or nothing can be written there.
pub(crate) fn write_export(flow: &FlowView, about: &About) -> Result<Exported, Problem> {
    let folders = [dirs::download_dir(), dirs::home_dir()];
    let folder = folders
        .into_iter()
        .flatten()
        .find(|folder| folder.is_dir())
        .ok_or_else(|| problem("There is no folder to write to."))?;
    let text = export::export(flow, about);
    write_into(&folder, &stem(&flow.summary), &text).map_err(|error| {
        problem(&format!(
            "The file could not be written to {}: {error}.",
            folder.display()
        ))
    })
}

/// The file's name without its ending, by the clock on the wall.
fn stem(flow: &FlowSummary) -> String {
    let started = i64::try_from(flow.started)
        .ok()
        .and_then(DateTime::from_timestamp_millis)
        .unwrap_or_default();
    format!(
        "doorkey-{}-{}",
        export::kind(flow.kind),
        started.with_timezone(&Local).format("%Y-%m-%d-%H%M%S")
    )
}

fn write_into(folder: &Path, stem: &str, text: &str) -> std::io::Result<Exported> {
    let (mut file, name) = create(folder, stem)?;
    let path = folder.join(&name);
    if let Err(error) = file.write_all(text.as_bytes()) {
        drop(file);
        // Half a file is worse than none.
        let _ = std::fs::remove_file(&path);
        return Err(error);
    }
    Ok(Exported {
        view: ExportView {
            file: name,
            folder: folder.file_name().map_or_else(
                || folder.display().to_string(),
                |name| name.to_string_lossy().into_owned(),
            ),
        },
        path,
    })
}

/// A file that was not there before, and its name.
fn create(folder: &Path, stem: &str) -> std::io::Result<(File, String)> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    for number in 1..=MOST_FILES {
        let name = match number {
            1 => format!("{stem}.md"),
            _ => format!("{stem}-{number}.md"),
        };
        match options.open(folder.join(&name)) {
            Ok(file) => return Ok((file, name)),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(ErrorKind::AlreadyExists.into())
}

fn problem(message: &str) -> Problem {
    Problem {
        code: Code::FileError.as_str().to_owned(),
        message: message.to_owned(),
        hint: "See that the folder can be written to and the disk is not full.".to_owned(),
        field: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::{FlowKind, FlowOutcome};

    #[test]
    fn no_file_is_ever_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let write = |text| write_into(folder.path(), "doorkey-sign-in", text).unwrap();
        let names = ["one", "two", "three"].map(|text| write(text).view.file);
        assert_eq!(
            names,
            [
                "doorkey-sign-in.md",
                "doorkey-sign-in-2.md",
                "doorkey-sign-in-3.md"
            ]
        );
        let first = write("four");
        assert_eq!(first.path, folder.path().join("doorkey-sign-in-4.md"));
        let text = std::fs::read_to_string(folder.path().join("doorkey-sign-in.md"));
        assert_eq!(text.unwrap(), "one");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_that_waits_there_is_not_followed_and_the_file_is_the_owners_only() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let elsewhere = folder.path().join("elsewhere");
        std::os::unix::fs::symlink(&elsewhere, folder.path().join("x.md")).unwrap();
        let exported = write_into(folder.path(), "x", "text").unwrap();
        assert_eq!(exported.view.file, "x-2.md");
        assert!(!elsewhere.exists());
        let mode = std::fs::metadata(&exported.path).unwrap().permissions();
        assert_eq!(mode.mode() & 0o777, 0o600);
    }

    #[test]
    fn the_folder_is_named_as_people_know_it() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("Téléchargements");
        std::fs::create_dir(&folder).unwrap();
        let exported = write_into(&folder, "x", "text").unwrap();
        assert_eq!(exported.view.folder, "Téléchargements");
    }

    #[test]
    fn a_folder_that_is_not_there_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        assert!(write_into(&folder.path().join("gone"), "x", "text").is_err());
    }

    #[test]
    fn the_name_says_what_and_when() {
        use chrono::TimeZone as _;
        let local = Local.with_ymd_and_hms(2026, 11, 22, 14, 32, 5).unwrap();
        let flow = |kind, started| FlowSummary {
            id: 1,
            kind,
            started,
            outcome: FlowOutcome::Done,
        };
        let started = u64::try_from(local.timestamp_millis()).unwrap();
        assert_eq!(
            stem(&flow(FlowKind::SignIn, started)),
            "doorkey-sign-in-2026-11-22-143205"
        );
        assert!(stem(&flow(FlowKind::SignOut, u64::MAX)).starts_with("doorkey-sign-out-19"));
    }
}

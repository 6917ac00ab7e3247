//! Where an exported file is written to: the folder in which people look for files they asked for.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use doorkey_core::Code;

use crate::view::{ExportView, Problem};

/// How many files of one name there can be.
const MOST_FILES: u32 = 1_000;

/// What was written to a file.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Exported {
    /// What to tell the person.
    pub(crate) view: ExportView,
    /// The file, to show it in its folder.
    pub(crate) path: PathBuf,
}

/// Writes a text into a new file in the person's folder for downloads, or else in their home. The file's name is the stem
/// and the ending, with a number between them if there is one of that name. It takes its time, so it is for a thread that
/// may wait.
///
/// # Errors
/// If there is no such folder, or nothing can be written there.
pub(crate) fn write(stem: &str, ending: &str, text: &str) -> Result<Exported, Problem> {
    write_bytes(stem, ending, text.as_bytes())
}

/// The same for what is no text.
///
/// # Errors
/// As there.
pub(crate) fn write_bytes(stem: &str, ending: &str, bytes: &[u8]) -> Result<Exported, Problem> {
    let folders = [dirs::download_dir(), dirs::home_dir()];
    let folder = folders
        .into_iter()
        .flatten()
        .find(|folder| folder.is_dir())
        .ok_or_else(|| problem("There is no folder to write to."))?;
    write_into(&folder, stem, ending, bytes).map_err(|error| {
        problem(&format!(
            "The file could not be written to {}: {error}.",
            folder.display()
        ))
    })
}

fn write_into(folder: &Path, stem: &str, ending: &str, bytes: &[u8]) -> std::io::Result<Exported> {
    let (mut file, name) = create(folder, stem, ending)?;
    let path = folder.join(&name);
    if let Err(error) = file.write_all(bytes) {
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
fn create(folder: &Path, stem: &str, ending: &str) -> std::io::Result<(File, String)> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    for number in 1..=MOST_FILES {
        let name = match number {
            1 => format!("{stem}.{ending}"),
            _ => format!("{stem}-{number}.{ending}"),
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

    #[test]
    fn no_file_is_ever_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let write = |text: &str| {
            write_into(folder.path(), "doorkey-sign-in", "md", text.as_bytes()).unwrap()
        };
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
        let exported = write_into(folder.path(), "x", "md", b"text").unwrap();
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
        let exported = write_into(&folder, "x", "md", b"text").unwrap();
        assert_eq!(exported.view.folder, "Téléchargements");
    }

    #[test]
    fn a_folder_that_is_not_there_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        assert!(write_into(&folder.path().join("gone"), "x", "md", b"text").is_err());
    }
}

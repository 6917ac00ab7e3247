//! The files of a release, in one folder.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::command::Failure;

/// What lies in the folder, in order of name. Folders in it are a mistake: nobody can download one.
pub(super) fn of(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let failed = |error| Failure::new(format!("cannot read {}: {error}", folder.display()));
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if !path.is_file() {
            return Err(Failure::new(format!("{} is no file", path.display())));
        }
        files.push(path);
    }
    if files.is_empty() {
        return Err(Failure::new(format!("{} is empty", folder.display())));
    }
    files.sort();
    Ok(files)
}

/// A file's name.
pub(super) fn name(file: &Path) -> String {
    file.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

/// A file beside another one, whose name is longer by an ending.
pub(super) fn beside(file: &Path, ending: &str) -> PathBuf {
    file.with_file_name(format!("{}{ending}", name(file)))
}

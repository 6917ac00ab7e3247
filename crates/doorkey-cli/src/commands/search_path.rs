//! `doorkey search-path`: what the installer for Windows does about `PATH`.
//!
//! The installer cannot do it itself: its strings end after 1,024 characters, and a person's search path may be longer.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use doorkey_core::Code;
use windows_registry::{CURRENT_USER, Key, Type};

use crate::exit::{Exit, Failure, Outcome};

/// Where Windows keeps the variables of a person.
const ENVIRONMENT: &str = "Environment";
const VARIABLE: &str = "Path";

/// Let terminals find this program by its name, or no longer
#[derive(Debug, Args)]
pub(crate) struct SearchPath {
    #[command(subcommand)]
    change: Change,
}

#[derive(Clone, Copy, Debug, Subcommand)]
enum Change {
    /// Put the folder of this program at the end of your search path
    Add,
    /// Take the folder of this program out of your search path
    Remove,
}

impl SearchPath {
    pub(super) fn run(self) -> Outcome {
        let folder = own_folder().map_err(failure)?;
        let key = CURRENT_USER.create(ENVIRONMENT).map_err(failure)?;
        change(&key, self.change, &folder.to_string_lossy()).map_err(failure)?;
        Ok(Exit::Done)
    }
}

fn own_folder() -> std::io::Result<PathBuf> {
    let mut program = std::env::current_exe()?;
    program.pop();
    Ok(program)
}

/// Writes the variable only if that changes it, and in the kind that it has: a search path may name other variables.
fn change(key: &Key, change: Change, folder: &str) -> windows_registry::Result<()> {
    // One that cannot be read is not taken for an empty one, unless it is not there.
    let (kind, before) = match key.get_type(VARIABLE) {
        Ok(kind) => (kind, key.get_string(VARIABLE)?),
        Err(error) if error.code().0 == NOT_FOUND => (Type::ExpandString, String::new()),
        Err(error) => return Err(error),
    };
    let after = match change {
        Change::Add => with(&before, folder),
        Change::Remove => without(&before, folder),
    };
    if after == before {
        Ok(())
    } else if after.is_empty() {
        key.remove_value(VARIABLE)
    } else if kind == Type::String {
        key.set_string(VARIABLE, after)
    } else {
        key.set_expand_string(VARIABLE, after)
    }
}

/// What the registry answers for a value that is not there: `HRESULT_FROM_WIN32(ERROR_FILE_NOT_FOUND)`.
const NOT_FOUND: i32 = 0x8007_0002_u32.cast_signed();

fn with(path: &str, folder: &str) -> String {
    if path.split(';').any(|entry| is(entry, folder)) {
        return path.to_owned();
    }
    match path.trim_end_matches(';') {
        "" => folder.to_owned(),
        path => format!("{path};{folder}"),
    }
}

fn without(path: &str, folder: &str) -> String {
    let kept: Vec<&str> = path.split(';').filter(|entry| !is(entry, folder)).collect();
    kept.join(";")
}

/// Whether an entry names the folder, however it is written.
fn is(entry: &str, folder: &str) -> bool {
    let plain = |text: &str| {
        text.trim()
            .trim_matches('"')
            .trim_end_matches('\\')
            .to_lowercase()
    };
    !entry.is_empty() && plain(entry) == plain(folder)
}

fn failure(error: impl std::fmt::Display) -> Failure {
    Failure::new(
        Code::FileError,
        format!("The search path cannot be changed: {error}"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const FOLDER: &str = r"C:\Users\ada\AppData\Local\Doorkey";

    #[test]
    fn a_folder_is_there_once_and_the_others_stay_as_they_are() {
        let path = r"%USERPROFILE%\bin;C:\Program Files\Git\cmd";
        let added = with(path, FOLDER);
        assert_eq!(added, format!("{path};{FOLDER}"));
        assert_eq!(with(&added, FOLDER), added);
        assert_eq!(with(&format!("{path};"), FOLDER), added);
        assert_eq!(with("", FOLDER), FOLDER);
        assert_eq!(without(&added, FOLDER), path);
        assert_eq!(without(path, FOLDER), path);
        assert_eq!(without(FOLDER, FOLDER), "");
        let otherwise = format!("\"{}\\\"", FOLDER.to_uppercase());
        assert_eq!(with(&otherwise, FOLDER), otherwise);
        assert_eq!(without(&format!("a;{otherwise};b"), FOLDER), "a;b");
    }

    #[test]
    fn a_path_longer_than_an_installers_strings_is_kept_whole_and_in_its_kind() {
        let name = format!(r"Software\Doorkey tests {}", std::process::id());
        let key = CURRENT_USER.create(&name).unwrap();
        let long = vec![r"%USERPROFILE%\a folder of some length"; 200].join(";");
        for kind in [Type::String, Type::ExpandString] {
            match kind {
                Type::String => key.set_string(VARIABLE, &long).unwrap(),
                _ => key.set_expand_string(VARIABLE, &long).unwrap(),
            }
            change(&key, Change::Add, FOLDER).unwrap();
            assert_eq!(
                key.get_string(VARIABLE).unwrap(),
                format!("{long};{FOLDER}")
            );
            assert_eq!(key.get_type(VARIABLE).unwrap(), kind);
            change(&key, Change::Remove, FOLDER).unwrap();
            assert_eq!(key.get_string(VARIABLE).unwrap(), long);
            assert_eq!(key.get_type(VARIABLE).unwrap(), kind);
        }
        key.remove_value(VARIABLE).unwrap();
        change(&key, Change::Add, FOLDER).unwrap();
        assert_eq!(key.get_type(VARIABLE).unwrap(), Type::ExpandString);
        change(&key, Change::Remove, FOLDER).unwrap();
        assert!(key.get_type(VARIABLE).is_err());
        CURRENT_USER.remove_tree(&name).unwrap();
    }
}

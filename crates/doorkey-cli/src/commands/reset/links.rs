//! What the app has written on Linux so that links come to it without a package: an entry, and its choice as the default.

use std::fs;
use std::io::{Error, ErrorKind};
use std::path::{Path, PathBuf};

use doorkey_core::EDITION;

/// The entry that the app writes when no package has brought one.
const ENTRY: &str = EDITION.links_entry;

/// The entry's file, if it is about this edition's links.
pub(super) fn entry() -> Option<PathBuf> {
    let file = dirs::data_dir()?.join("applications").join(ENTRY);
    let text = fs::read_to_string(&file).ok()?;
    let link = kind();
    let is_ours = text
        .lines()
        .filter_map(|line| line.strip_prefix("MimeType="))
        .any(|kinds| kinds.split(';').any(|kind| kind == link));
    is_ours.then_some(file)
}

/// Forgets that links go to an entry of ours, and says in which file that stood.
///
/// # Errors
/// The file, and why it cannot be written.
pub(super) fn forget() -> Result<Option<PathBuf>, (PathBuf, Error)> {
    let Some(file) = dirs::config_dir().map(|folder| folder.join("mimeapps.list")) else {
        return Ok(None);
    };
    match forget_in(&file) {
        Ok(true) => Ok(Some(file)),
        Ok(false) => Ok(None),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err((file, error)),
    }
}

fn forget_in(file: &Path) -> Result<bool, Error> {
    let text = fs::read_to_string(file)?;
    let kind = kind();
    let is_ours = |line: &str| {
        line.split_once('=').is_some_and(|(key, entries)| {
            let mut entries = entries.trim().split(';').filter(|entry| !entry.is_empty());
            key.trim() == kind && entries.all(|entry| entry == ENTRY)
        })
    };
    let kept: String = text
        .split_inclusive('\n')
        .filter(|line| !is_ours(line))
        .collect();
    let changed = kept != text;
    if changed {
        fs::write(file, kept)?;
    }
    Ok(changed)
}

fn kind() -> String {
    format!("x-scheme-handler/{}", EDITION.scheme)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_line_about_our_entry_goes() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("mimeapps.list");
        let kind = kind();
        let before = format!(
            "[Default Applications]\ntext/html=web.desktop\n{kind}={ENTRY}\n{kind}=other.desktop;\n\n[Added Associations]\n{kind}={ENTRY};\n{kind}x={ENTRY}\n"
        );
        fs::write(&file, before).unwrap();
        assert!(forget_in(&file).unwrap());
        assert_eq!(
            fs::read_to_string(&file).unwrap(),
            format!(
                "[Default Applications]\ntext/html=web.desktop\n{kind}=other.desktop;\n\n[Added Associations]\n{kind}x={ENTRY}\n"
            )
        );
        assert!(!forget_in(&file).unwrap());
    }
}

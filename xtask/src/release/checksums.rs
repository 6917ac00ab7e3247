//! `SHA256SUMS`, as `sha256sum --check` reads it.

use std::{
    fs,
    path::{Path, PathBuf},
};

use sha2::{Digest as _, Sha256};

use super::files;
use crate::command::{Failure, failed, say};

/// The list's own name.
const LIST: &str = "SHA256SUMS";

/// Writes the list of all files in the folder, and says where it is. Its own signature is left out.
pub(super) fn write(folder: &Path) -> Result<PathBuf, Failure> {
    let mut list = String::new();
    for file in files::of(folder)? {
        let name = files::name(&file);
        if name.starts_with(LIST) {
            continue;
        }
        let bytes = fs::read(&file).map_err(failed("read", &file))?;
        list.push_str(&format!(
            "{}  {name}\n",
            hexadecimal(&Sha256::digest(bytes))
        ));
    }
    let path = folder.join(LIST);
    fs::write(&path, list).map_err(failed("write", &path))?;
    say(format!("Wrote {}", path.display()));
    Ok(path)
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_that_of_sha256sum() {
        let folder = tempfile::tempdir().expect("a folder");
        for (name, text) in [
            ("b", "abc"),
            ("a", ""),
            ("SHA256SUMS.asc", "old"),
            ("SHA256SUMS", "old"),
        ] {
            fs::write(folder.path().join(name), text).expect("to write");
        }
        write(folder.path()).expect("a list");
        // FIPS 180-4's own examples.
        let expected = "\
e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  a
ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  b
";
        assert_eq!(
            fs::read_to_string(folder.path().join(LIST)).expect("to read"),
            expected
        );
    }

    #[test]
    fn a_folder_without_files_or_with_folders_is_a_mistake() {
        let folder = tempfile::tempdir().expect("a folder");
        assert!(write(folder.path()).is_err());
        fs::create_dir(folder.path().join("within")).expect("a folder");
        assert!(write(folder.path()).is_err());
    }
}

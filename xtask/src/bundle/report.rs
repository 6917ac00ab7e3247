//! What was made and how large it is, and the checks that every package goes through.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::{failed, places::Places};
use crate::command::{Failure, command, execute, say};

/// Tells where the packages are, and their sizes.
pub(super) fn tell(places: &Places, made: &[PathBuf]) -> Result<(), Failure> {
    say("Made");
    for path in places.programs().iter().chain(made) {
        let size = fs::metadata(path).map_err(failed("read", path))?.len();
        println!("    {:>10}  {}", megabytes(size), path.display());
    }
    Ok(())
}

fn megabytes(bytes: u64) -> String {
    let tenths = bytes.div_ceil(100_000);
    format!("{}.{} MB", tenths / 10, tenths % 10)
}

/// Everything in a folder, at any depth, and the folder itself; sorted.
pub(super) fn tree(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut found = vec![folder.to_owned()];
    let mut next = 0;
    while let Some(path) = found.get(next).cloned() {
        next += 1;
        if path.is_dir() && !path.is_symlink() {
            for entry in fs::read_dir(&path).map_err(failed("read", &path))? {
                found.push(entry.map_err(failed("read", &path))?.path());
            }
        }
    }
    found.sort_unstable();
    Ok(found)
}

/// What desktops read of an unpacked package.
pub(super) fn check_desktop(root: &Path) -> Result<(), Failure> {
    let share = root.join("usr/share");
    let mut desktop = command("desktop-file-validate", &[]);
    desktop.arg(share.join("applications/Doorkey.desktop"));
    execute(desktop)?;
    // With the entry and the icons that it refers to.
    let mut appstream = command("appstreamcli", &["validate-tree", "--no-net", "--pedantic"]);
    appstream.arg(root);
    execute(appstream)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_rounded_up() {
        assert_eq!(megabytes(1), "0.1 MB");
        assert_eq!(megabytes(10_000_000), "10.0 MB");
        assert_eq!(megabytes(25_450_000), "25.5 MB");
    }
}

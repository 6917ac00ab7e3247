//! Whether a program is there.

use std::ffi::OsStr;
use std::path::Path;

/// Whether there is a program of this name, in these folders if the name is no path.
pub(super) fn is_there(program: &str, folders: &OsStr) -> bool {
    let path = Path::new(program);
    if path.components().count() > 1 {
        return is_program(path);
    }
    std::env::split_paths(folders).any(|folder| {
        let path = folder.join(program);
        is_program(&path) || cfg!(windows) && is_program(&path.with_extension("exe"))
    })
}

#[cfg(unix)]
fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    path.metadata()
        .is_ok_and(|metadata| metadata.is_file() && metadata.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_program(path: &Path) -> bool {
    path.is_file()
}

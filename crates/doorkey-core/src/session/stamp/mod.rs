//! Whether a kept session has changed, by whichever process: a look at a small file, not at the keychain.

#[cfg(unix)]
#[path = "unix.rs"]
mod imp;
#[cfg(windows)]
#[path = "windows.rs"]
mod imp;

use std::path::Path;

use crate::error::Result;

/// When the kept session was last changed: two that differ mean that it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stamp(Option<imp::Look>);

impl Stamp {
    /// What a file says. One that cannot be looked at is as good as none.
    pub(super) fn of(file: &Path) -> Self {
        Self(imp::look(file).ok())
    }

    /// What a file must hold to be another stamp than all before it, once it has replaced the last one.
    pub(super) fn fresh() -> Result<impl AsRef<[u8]>> {
        imp::fresh()
    }
}

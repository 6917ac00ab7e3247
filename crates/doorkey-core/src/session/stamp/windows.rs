//! What the file holds. Windows gives a file that replaces another the same time of creation
//! ([file tunneling](https://learn.microsoft.com/windows/win32/fileio/file-times)), and two changes may fall into one tick
//! of the file system's clock, so that from outside two stamps look the same.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use crate::error::Result;
use crate::random::{Random as _, SystemRandom};

pub(super) type Look = [u8; 16];

pub(super) fn look(file: &Path) -> io::Result<Look> {
    let mut held = Look::default();
    File::open(file)?.read_exact(&mut held)?;
    Ok(held)
}

pub(super) fn fresh() -> Result<Look> {
    let mut fresh = Look::default();
    SystemRandom.fill(&mut fresh)?;
    Ok(fresh)
}

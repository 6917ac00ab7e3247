//! Where the demo's users, grants and keys are kept.

use std::io;
use std::path::{Path, PathBuf};

use doorkey_core::Code;
use doorkey_idp::Personality;

use crate::exit::Failure;

/// The file of the demo, one for each personality; others on this computer cannot read it.
pub(super) fn of(folder: &Path, personality: Option<&Personality>) -> Result<PathBuf, Failure> {
    let folder = folder.join("demo");
    create_private(&folder).map_err(|error| {
        Failure::new(
            Code::FileError,
            format!("Cannot make {}: {error}", folder.display()),
        )
    })?;
    let name = personality.map_or("provider", |personality| personality.id);
    Ok(folder.join(format!("{name}.sqlite")))
}

fn create_private(folder: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

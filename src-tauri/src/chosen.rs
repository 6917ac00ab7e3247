//! Which profile was chosen last, so that a restart shows the same person.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use doorkey_core::ProfileName;

/// The file that remembers it. There is no secret in it.
#[derive(Clone, Debug)]
pub(crate) struct Chosen {
    folder: PathBuf,
}

impl Chosen {
    pub(crate) fn new(config: &Path) -> Self {
        Self {
            folder: config.to_owned(),
        }
    }

    /// The profile that was chosen last, if anybody ever chose.
    pub(crate) fn read(&self) -> Option<ProfileName> {
        std::fs::read_to_string(self.path())
            .ok()?
            .trim()
            .parse()
            .ok()
    }

    /// Remembers a choice. One that cannot be remembered is only forgotten at the end.
    pub(crate) fn write(&self, name: &ProfileName) {
        if let Err(error) = self.replace(name) {
            tracing::warn!(%error, "the chosen profile cannot be remembered");
        }
    }

    fn replace(&self, name: &ProfileName) -> std::io::Result<()> {
        std::fs::create_dir_all(&self.folder)?;
        let mut file = tempfile::NamedTempFile::new_in(&self.folder)?;
        writeln!(file, "{name}")?;
        file.persist(self.path())?;
        Ok(())
    }

    fn path(&self) -> PathBuf {
        self.folder.join("desktop-profile")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_survives_and_nonsense_does_not() {
        let folder = tempfile::tempdir().unwrap();
        let chosen = Chosen::new(&folder.path().join("new"));
        assert_eq!(chosen.read(), None);
        chosen.write(&"work".parse().unwrap());
        assert_eq!(chosen.read(), "work".parse().ok());
        std::fs::write(chosen.path(), "../../etc/passwd\n").unwrap();
        assert_eq!(chosen.read(), None);
    }
}

//! What the person has chosen for this computer, kept in one small file.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use doorkey_core::ProfileName;
use serde::{Deserialize, Serialize};

use crate::view::Theme;

/// The settings. Whatever a file does not say is at its default.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Settings {
    /// The profile that was chosen last, so that a restart shows the same person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) profile: Option<String>,
    pub(crate) theme: Theme,
    /// The command of the browser; none for the system's default one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) browser: Option<String>,
    pub(crate) close_to_tray: bool,
    pub(crate) updates: UpdateSettings,
}

/// What is remembered of updates.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct UpdateSettings {
    /// Whether to look once a day. Not unless the person wants it: nothing leaves the computer but what they asked for.
    pub(crate) look: bool,
    /// When the address was asked last, in milliseconds since the Unix epoch.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) asked: Option<u64>,
    /// The version that the person does not want.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) skipped: Option<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            profile: None,
            theme: Theme::System,
            browser: None,
            close_to_tray: true,
            updates: UpdateSettings::default(),
        }
    }
}

impl Settings {
    /// The profile that was chosen last, if it is a name at all.
    pub(crate) fn profile(&self) -> Option<ProfileName> {
        self.profile.as_deref()?.parse().ok()
    }
}

/// The file that remembers them. There is no secret in it.
#[derive(Clone, Debug)]
pub(crate) struct SettingsFile {
    folder: PathBuf,
}

impl SettingsFile {
    pub(crate) fn new(config: &Path) -> Self {
        Self {
            folder: config.to_owned(),
        }
    }

    /// What it says. A file that cannot be read counts for nothing, and is replaced by the next change.
    pub(crate) fn read(&self) -> Settings {
        let text = match std::fs::read_to_string(self.path()) {
            Ok(text) => text,
            Err(error) => {
                if error.kind() != std::io::ErrorKind::NotFound {
                    tracing::warn!(%error, "the settings cannot be read");
                }
                return Settings::default();
            }
        };
        toml::from_str(&text).unwrap_or_else(|error| {
            tracing::warn!(
                error = error.message(),
                "the settings are not used: their file is damaged"
            );
            Settings::default()
        })
    }

    /// Remembers the settings.
    ///
    /// # Errors
    /// Why they cannot be written. They hold until the app ends all the same.
    pub(crate) fn write(&self, settings: &Settings) -> std::io::Result<()> {
        let text = toml::to_string(settings).map_err(std::io::Error::other)?;
        std::fs::create_dir_all(&self.folder)?;
        let mut file = tempfile::NamedTempFile::new_in(&self.folder)?;
        file.write_all(text.as_bytes())?;
        file.persist(self.path())?;
        Ok(())
    }

    fn path(&self) -> PathBuf {
        self.folder.join("desktop.toml")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_survive_and_nonsense_does_not() {
        let folder = tempfile::tempdir().unwrap();
        let file = SettingsFile::new(&folder.path().join("new"));
        assert_eq!(file.read(), Settings::default());
        let settings = Settings {
            profile: Some("work".to_owned()),
            theme: Theme::Dark,
            browser: Some("firefox --private-window".to_owned()),
            close_to_tray: false,
            updates: UpdateSettings {
                look: true,
                asked: Some(1_795_000_000_000),
                skipped: Some("1.2.3".to_owned()),
            },
        };
        file.write(&settings).unwrap();
        assert_eq!(file.read(), settings);
        std::fs::write(file.path(), "theme = 3\n").unwrap();
        assert_eq!(file.read(), Settings::default());
        std::fs::write(
            file.path(),
            "profile = \"../../etc/passwd\"\nfrom_later = true\n",
        )
        .unwrap();
        assert_eq!(file.read().profile(), None);
        assert!(file.read().close_to_tray);
    }
}

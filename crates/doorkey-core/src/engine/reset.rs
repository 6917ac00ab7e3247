//! Leaving this account as it was before Doorkey came.

use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::path::Path;

use super::Doorkey;
use crate::error::{Code, Error, Result};
use crate::profile::ProfileName;
use crate::session::SignOutReport;

/// The folders of the engine in the config folder.
const FOLDERS: [&str; 3] = ["profiles", "sessions", "cache"];

impl Doorkey {
    /// Signs out of every profile, erases what the keychain holds for it, and removes profiles, stamps, locks and caches.
    /// Says which sessions there were, and what became of them.
    ///
    /// Profiles go last: whatever fails before, there is still something to begin again with.
    ///
    /// # Errors
    /// Why the keychain cannot be asked, or [`Code::FileError`]. No profile is removed then.
    pub async fn reset(&self) -> Result<Vec<(ProfileName, SignOutReport)>> {
        let profiles = self.kept_profiles()?;
        let config = self.engine.parts.config.as_deref();
        let mut ended = Vec::new();
        for name in self.known_names(config)? {
            // One that cannot be read cannot be signed out of, but what it left can be erased.
            if let Ok(profile) = profiles.load(&name)
                && let Some(report) = self.end_kept(&profile).await?
            {
                ended.push((name.clone(), report));
            }
            if let Some(keep) = self.engine.keep(&name) {
                keep.forget().await?;
            }
            self.engine.forget_client_secret(&name).await?;
        }
        for folder in config
            .into_iter()
            .flat_map(|config| FOLDERS.map(|name| config.join(name)))
        {
            remove_folder(&folder)?;
        }
        Ok(ended)
    }

    /// Those that have a profile, and those that have had a session: a profile may be deleted by hand.
    fn known_names(&self, config: Option<&Path>) -> Result<BTreeSet<ProfileName>> {
        let mut names: BTreeSet<_> = self.kept_profiles()?.names()?.into_iter().collect();
        let sessions = config.map(|config| config.join("sessions"));
        let files = sessions
            .into_iter()
            .filter_map(|folder| folder.read_dir().ok());
        names.extend(files.flatten().flatten().filter_map(|file| {
            let file = file.file_name();
            file.to_str()?.strip_suffix(".stamp")?.parse().ok()
        }));
        Ok(names)
    }
}

fn remove_folder(folder: &Path) -> Result<()> {
    match std::fs::remove_dir_all(folder) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(Error::new(
            Code::FileError,
            format!("Cannot remove {}", folder.display()),
        )
        .with_source(error)),
    }
}

#[cfg(test)]
mod tests {
    use doorkey_double::Fault;

    use super::*;
    use crate::engine::home::{name, signed_in};
    use crate::token::ClientSecret;

    fn left(folder: &Path) -> Vec<String> {
        let entries = folder.read_dir().expect("a folder").flatten();
        let mut names: Vec<_> = entries
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    #[tokio::test]
    async fn nothing_of_the_engine_stays_and_nothing_else_goes() {
        let home = signed_in().await;
        let config = home.folder.path();
        std::fs::create_dir(config.join("cache")).expect("a folder");
        std::fs::write(config.join("notes.txt"), "mine").expect("to write");
        let ended = home.doorkey.reset().await.expect("to reset");
        assert_eq!(ended.len(), 1);
        assert_eq!(ended[0].0, name("work"));
        assert!(ended[0].1.local.is_done());
        assert!(home.store.names().is_empty());
        assert_eq!(left(config), ["notes.txt"]);
        assert!(home.doorkey.reset().await.expect("again").is_empty());
    }

    #[tokio::test]
    async fn a_session_without_its_profile_and_a_client_secret_go_too() {
        let home = signed_in().await;
        let secret = ClientSecret::new("not one");
        let confidential = home.profiles.load(&name("work")).expect("the profile");
        let text = format!(
            "token_endpoint_auth_method = \"client_secret_post\"\n{}",
            confidential.to_toml()
        );
        let confidential = crate::Profile::parse(&name("work"), &text).expect("a profile");
        let kept = home.doorkey.set_client_secret(&confidential, secret).await;
        kept.expect("to keep");
        assert_eq!(home.store.names().len(), 2);
        std::fs::remove_file(home.profiles.path(&name("work"))).expect("to remove");
        assert!(home.doorkey.reset().await.expect("to reset").is_empty());
        assert!(home.store.names().is_empty());
    }

    #[tokio::test]
    async fn a_locked_keychain_leaves_everything() {
        let home = signed_in().await;
        let before = left(home.folder.path());
        home.store.refuse(Fault::Locked);
        let error = home.doorkey.reset().await.expect_err("locked");
        assert_eq!(error.code(), Code::KeychainLocked);
        assert_eq!(left(home.folder.path()), before);
        home.store.mend();
        assert_eq!(home.store.names(), ["work"]);
    }
}

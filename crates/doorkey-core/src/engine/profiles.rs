//! Changes to profiles that may have a session: what becomes of it is decided here, in one place for app and command line.

use super::Doorkey;
use crate::error::{Code, Error, Result};
use crate::profile::{DEMO, Profile, ProfileName, Profiles};
use crate::session::{SignOutReport, Storage};
use crate::token::ClientSecret;

impl Doorkey {
    /// Writes a new profile, and keeps the client secret that belongs to it, if it has one.
    ///
    /// # Errors
    /// As [`Profiles::add`] and [`Doorkey::set_client_secret`]. There is no such profile then.
    pub async fn add_profile(
        &self,
        profile: &Profile,
        secret: Option<ClientSecret>,
    ) -> Result<Option<Storage>> {
        let profiles = self.kept_profiles()?;
        profiles.add(profile)?;
        let Some(secret) = secret else {
            return Ok(None);
        };
        match self.set_client_secret(profile, secret).await {
            Ok(storage) => Ok(Some(storage)),
            Err(error) => {
                profiles.remove(profile.name())?;
                Err(error)
            }
        }
    }

    /// Gives a profile another name. Its kept session and its client secret go with it, and nobody is signed out.
    ///
    /// A [`Session`](crate::Session) that is open under the old name ends; [`Doorkey::restore`] gives the same one
    /// under the new name. A session in memory only stays with the program that has it.
    ///
    /// # Errors
    /// [`Code::ProfileExists`] when the new name is taken, as [`Profiles::load`], or why the keychain cannot be asked: then
    /// the profile still has its old name.
    pub async fn rename_profile(&self, name: &ProfileName, new: &ProfileName) -> Result<Profile> {
        let profiles = self.kept_profiles()?;
        if name.as_str() == DEMO {
            return Err(Error::new(
                Code::ProfileInvalid,
                format!("The built-in profile `{DEMO}` keeps its name"),
            )
            .with_hint("Duplicate it under the other name."));
        }
        let profile = profiles.load(name)?.named(new);
        let (engine, name) = (self.engine.clone(), name.clone());
        // A task of its own: whoever is cancelled does not leave it half done.
        let renaming = tokio::spawn(async move {
            profiles.add(&profile)?;
            let moving = async {
                engine.copy_client_secret(&name, &profile).await?;
                match (engine.keep(&name), engine.keep(profile.name())) {
                    (Some(keep), Some(other)) => keep.move_to(&other).await,
                    _ => Ok(()),
                }
            };
            if let Err(error) = moving.await {
                // The copy is worth nothing without its profile; the error above says more than that it stays.
                drop(engine.forget_client_secret(profile.name()).await);
                profiles.remove(profile.name())?;
                return Err(error);
            }
            if profile.sends_client_secret()
                && let Err(error) = engine.forget_client_secret(&name).await
            {
                tracing::warn!(profile = %name, code = error.code().as_str(), "a client secret stays under its old name");
            }
            profiles.remove(&name)?;
            Ok(profile)
        });
        renaming
            .await
            .map_err(|_| Error::new(Code::Internal, "The renaming of a profile broke off"))?
    }

    /// Replaces a profile, or writes a new one. If its kept session belongs to the issuer or client of before, that one is
    /// signed out first: its tokens are for nobody else. So is a client secret of before, which is forgotten.
    ///
    /// # Errors
    /// [`Code::FileError`], or why the keychain cannot be asked. The profile is then as it was.
    pub async fn change_profile(&self, profile: &Profile) -> Result<Option<SignOutReport>> {
        let profiles = self.kept_profiles()?;
        let mut report = None;
        if let Ok(former) = profiles.load(profile.name()) {
            let is_another = former.binding() != profile.binding();
            if is_another {
                report = self.end_kept(&former).await?;
            }
            if former.sends_client_secret() && (is_another || !profile.sends_client_secret()) {
                self.engine.forget_client_secret(profile.name()).await?;
            }
        }
        profiles.save(profile)?;
        Ok(report)
    }

    /// Removes a profile, after signing out of it: later nobody could. The built-in profile returns to what it was.
    ///
    /// # Errors
    /// [`Code::ProfileNotFound`], [`Code::FileError`], or why the keychain cannot be asked. The profile is then still there.
    pub async fn remove_profile(&self, name: &ProfileName) -> Result<Option<SignOutReport>> {
        let profiles = self.kept_profiles()?;
        let mut report = None;
        if profiles.path(name).exists() {
            // One that cannot be read cannot be signed out of, but what it left can be erased.
            if let Ok(profile) = profiles.load(name) {
                report = self.end_kept(&profile).await?;
            }
            if let Some(keep) = self.engine.keep(name) {
                keep.forget().await?;
            }
            self.engine.forget_client_secret(name).await?;
        }
        profiles.remove(name)?;
        Ok(report)
    }

    pub(super) async fn end_kept(&self, profile: &Profile) -> Result<Option<SignOutReport>> {
        match self.restore(profile).await {
            Ok(Some(session)) => Ok(Some(session.sign_out(None).await)),
            Ok(None) => Ok(None),
            // Where there is no keychain there is no session either.
            Err(error) if error.code() == Code::KeychainUnavailable => Ok(None),
            Err(error) => Err(error),
        }
    }

    pub(super) fn kept_profiles(&self) -> Result<Profiles> {
        self.profiles().ok_or_else(|| {
            Error::new(
                Code::FileError,
                "No profiles are kept, since there is no folder for them",
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use doorkey_double::Fault;

    use super::*;
    use crate::engine::home::{name, profile, signed_in};

    #[tokio::test]
    async fn a_session_goes_with_its_profile_to_the_new_name() {
        let home = signed_in().await;
        let open = home.doorkey.restore(&profile("one")).await;
        let open = open.expect("to restore").expect("a session");
        let renamed = home
            .doorkey
            .rename_profile(&name("work"), &name("office"))
            .await
            .expect("to rename");
        assert_eq!(
            home.profiles.names().expect("names"),
            [name("demo"), name("office")]
        );
        assert_eq!(
            home.profiles.load(&name("office")).expect("the profile"),
            renamed
        );
        assert_eq!(home.store.names(), ["office"]);
        let restored = home.doorkey.restore(&renamed).await.expect("to restore");
        let token = restored
            .expect("a session")
            .access_token(Duration::ZERO)
            .await;
        assert_eq!(token.expect("a token").expose(), "access");
        let old = open.access_token(Duration::ZERO).await;
        assert_eq!(old.expect_err("ended").code(), Code::SessionEnded);
    }

    #[tokio::test]
    async fn a_locked_keychain_leaves_everything_under_its_old_name() {
        let home = signed_in().await;
        home.store.refuse(Fault::Locked);
        let office = name("office");
        let renamed = home.doorkey.rename_profile(&name("work"), &office).await;
        assert_eq!(renamed.expect_err("locked").code(), Code::KeychainLocked);
        let removed = home.doorkey.remove_profile(&name("work")).await;
        assert_eq!(removed.expect_err("locked").code(), Code::KeychainLocked);
        home.store.mend();
        assert_eq!(
            home.profiles.names().expect("names"),
            [name("demo"), name("work")]
        );
        let restored = home.doorkey.restore(&profile("one")).await;
        assert!(restored.expect("to restore").is_some());
    }

    #[tokio::test]
    async fn a_name_that_is_taken_is_not_taken_away() {
        let home = signed_in().await;
        let other = profile("two").named(&name("office"));
        home.profiles.add(&other).expect("to add");
        for (from, to, code) in [
            ("work", "office", Code::ProfileExists),
            ("work", "demo", Code::ProfileExists),
            ("demo", "other", Code::ProfileInvalid),
            ("absent", "other", Code::ProfileNotFound),
        ] {
            let error = home.doorkey.rename_profile(&name(from), &name(to)).await;
            assert_eq!(error.expect_err("refused").code(), code, "{from} {to}");
        }
        assert_eq!(
            home.profiles.load(&name("office")).expect("the profile"),
            other
        );
        assert_eq!(home.store.names(), ["work"]);
    }

    #[tokio::test]
    async fn another_client_ends_the_session_and_another_scope_does_not() {
        let home = signed_in().await;
        let mut same = profile("one");
        same = Profile::parse(
            same.name(),
            &format!("scopes = [\"a\"]\n{}", same.to_toml()),
        )
        .expect("a profile");
        let kept = home.doorkey.change_profile(&same).await.expect("to change");
        assert!(kept.is_none());
        assert_eq!(home.store.names(), ["work"]);
        let ended = home.doorkey.change_profile(&profile("two")).await;
        let report = ended.expect("to change").expect("a session that ended");
        assert!(report.local.is_done());
        assert!(home.store.names().is_empty());
        assert_eq!(
            home.profiles
                .load(&name("work"))
                .expect("the profile")
                .client_id(),
            "two"
        );
    }

    #[tokio::test]
    async fn nothing_stays_behind_of_a_profile_that_is_removed() {
        let home = signed_in().await;
        let removed = home.doorkey.remove_profile(&name("work")).await;
        assert!(removed.expect("to remove").is_some());
        assert!(home.store.names().is_empty());
        assert_eq!(home.profiles.names().expect("names"), [name("demo")]);
        let again = home.doorkey.remove_profile(&name("work")).await;
        assert_eq!(again.expect_err("it is gone").code(), Code::ProfileNotFound);

        let home = signed_in().await;
        let broken = [b'P', b' '];
        home.store.write("work", &broken).expect("to write");
        std::fs::write(home.profiles.path(&name("work")), "issuer = 3").expect("to write");
        let removed = home.doorkey.remove_profile(&name("work")).await;
        assert!(removed.expect("to remove").is_none());
        assert!(home.store.names().is_empty());
    }
}

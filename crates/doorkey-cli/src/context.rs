//! What every command is given.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use doorkey_core::{Doorkey, Error, Profile, ProfileName, Profiles, Session, config_folder};
use tokio::sync::watch;

use crate::exit::Failure;
use crate::output::Output;
use crate::steps::Steps;

/// Output, folder and engine of one command.
pub(crate) struct Context {
    pub(crate) output: Arc<Output>,
    folder: PathBuf,
    verbosity: u8,
}

/// The engine, and whether it is refreshing.
pub(crate) struct Engine {
    pub(crate) doorkey: Doorkey,
    pub(crate) refreshing: watch::Receiver<bool>,
}

impl Context {
    /// Finds the config folder. Nothing is read or made yet.
    ///
    /// # Errors
    /// When the system names no such folder.
    pub(crate) fn new(output: Arc<Output>, verbosity: u8) -> Result<Self, Failure> {
        Ok(Self {
            output,
            folder: config_folder()?,
            verbosity,
        })
    }

    /// Where Doorkey keeps its files.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The engine. A command ends before a session in memory could be of use, so it requires the keychain.
    pub(crate) fn engine(&self) -> Engine {
        let (steps, refreshing) = Steps::new(Arc::clone(&self.output), self.verbosity);
        Engine {
            doorkey: Doorkey::builder(&self.folder)
                .require_keychain()
                .observer(steps)
                .build(),
            refreshing,
        }
    }

    /// The profiles of the config folder.
    pub(crate) fn profiles(&self) -> Profiles {
        Profiles::new(&self.folder)
    }

    /// Reads a profile.
    ///
    /// # Errors
    /// When there is none of this name, or it cannot be used.
    pub(crate) fn profile(&self, name: &ProfileName) -> Result<Profile, Error> {
        self.profiles().load(name)
    }
}

impl Engine {
    /// The session of a profile.
    ///
    /// # Errors
    /// When nobody is signed in, or why the keychain cannot be asked.
    pub(crate) async fn session(&self, profile: &Profile) -> Result<Session, Failure> {
        self.doorkey
            .restore(profile)
            .await?
            .ok_or_else(|| Failure::not_signed_in(profile.name()))
    }
}

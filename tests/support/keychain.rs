//! A private D-Bus session with a keychain of its own.
//!
//! ```no_run
//! # async fn example() -> doorkey_tests::Result<()> {
//! use doorkey_tests::keychain::{Keyring, PrivateSession};
//!
//! let session = PrivateSession::start(Keyring::Unlocked).await?;
//! let mut doorkey = std::process::Command::new(doorkey_tests::program::doorkey()?);
//! doorkey.args(["login", "--profile", "demo"]).envs(session.environment());
//! // ... run it ...
//! assert_eq!(session.items().await?.len(), 1);
//! session.lock().await?;
//! # Ok(()) }
//! ```

mod bus;
mod secrets;

use std::{
    fs::{self, DirBuilder},
    io::Write as _,
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
    process::Command,
};

use doorkey_core::EDITION;
use tempfile::TempDir;
use zbus::Connection;

pub use bus::name_appears;
pub use secrets::{Item, items};

use crate::{Error, Result, display::Display, process::Running};

/// The password of every keychain here.
pub const PASSWORD: &str = "keychain-password";

/// What the session's keychain is like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keyring {
    /// Open, as after a person has logged in to the desktop.
    Unlocked,
    /// There, but locked.
    Locked,
    /// The daemon runs, but no keychain was ever made.
    NeverUnlocked,
    /// A bus on which nobody offers a keychain.
    Absent,
    /// Not even a bus.
    NoBus,
}

/// A D-Bus session, a keychain and a home that belong to one test.
#[derive(Debug)]
pub struct PrivateSession {
    // In the order in which they are dropped: the home last, when nobody writes to it any more.
    _daemon: Option<Running>,
    _bus: Option<Running>,
    address: String,
    home: TempDir,
    display: Vec<(String, String)>,
}

impl PrivateSession {
    /// Starts a session without a display: a keychain that would ask the person cannot.
    ///
    /// # Errors
    ///
    /// If a part does not start.
    pub async fn start(keyring: Keyring) -> Result<Self> {
        Self::with_display(keyring, Vec::new()).await
    }

    /// Starts a session on a display: a locked keychain asks the person there, and waits.
    ///
    /// # Errors
    ///
    /// If a part does not start.
    pub async fn start_on(display: &Display, keyring: Keyring) -> Result<Self> {
        Self::with_display(keyring, display.environment()).await
    }

    async fn with_display(keyring: Keyring, display: Vec<(String, String)>) -> Result<Self> {
        let home = tempfile::Builder::new()
            .prefix("doorkey-")
            .tempdir()
            .map_err(Error::io("make a home"))?;
        for folder in [RUNTIME, DATA, CONFIG, CACHE, STATE] {
            // A runtime folder that others can read is refused.
            DirBuilder::new()
                .mode(0o700)
                .create(home.path().join(folder))
                .map_err(Error::io("make a home"))?;
        }
        let mut session = Self {
            _daemon: None,
            _bus: None,
            address: format!(
                "unix:path={}",
                home.path().join(RUNTIME).join("bus").display()
            ),
            home,
            display,
        };
        if keyring != Keyring::NoBus {
            session.start_bus().await?;
        }
        if matches!(
            keyring,
            Keyring::Unlocked | Keyring::Locked | Keyring::NeverUnlocked
        ) {
            session.start_keyring(keyring).await?;
        }
        if keyring == Keyring::Locked {
            session.lock().await?;
        }
        Ok(session)
    }

    /// The environment that puts a child process into this session.
    ///
    /// `BROWSER` is `false`, so that nothing opens a real browser by accident: a test that wants one
    /// sets it afterwards.
    pub fn environment(&self) -> Vec<(String, String)> {
        let folder = |name: &str| self.home.path().join(name).display().to_string();
        let mut environment = vec![
            ("DBUS_SESSION_BUS_ADDRESS".to_owned(), self.address.clone()),
            ("HOME".to_owned(), self.home.path().display().to_string()),
            ("XDG_RUNTIME_DIR".to_owned(), folder(RUNTIME)),
            ("XDG_DATA_HOME".to_owned(), folder(DATA)),
            ("XDG_CONFIG_HOME".to_owned(), folder(CONFIG)),
            ("XDG_CACHE_HOME".to_owned(), folder(CACHE)),
            ("XDG_STATE_HOME".to_owned(), folder(STATE)),
            (
                "DOORKEY_CONFIG_DIR".to_owned(),
                self.config_dir().display().to_string(),
            ),
            ("BROWSER".to_owned(), "false".to_owned()),
        ];
        environment.extend(self.display.iter().cloned());
        environment
    }

    /// Its home: everything that a child process writes by the rules is below this folder.
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// Where Doorkey keeps its files in this session. Doorkey makes it.
    pub fn config_dir(&self) -> PathBuf {
        self.home.path().join(CONFIG).join(EDITION.folder)
    }

    /// A connection to the session's bus.
    ///
    /// # Errors
    ///
    /// If there is no bus.
    pub async fn connect(&self) -> Result<Connection> {
        Ok(zbus::connection::Builder::address(self.address.as_str())?
            .build()
            .await?)
    }

    /// Locks the keychain.
    ///
    /// # Errors
    ///
    /// If there is none.
    pub async fn lock(&self) -> Result<()> {
        secrets::lock(&self.connect().await?).await
    }

    /// Unlocks the keychain, without asking anybody.
    ///
    /// # Errors
    ///
    /// If there is none.
    pub async fn unlock(&self) -> Result<()> {
        secrets::unlock(&self.connect().await?, PASSWORD.as_bytes()).await
    }

    /// Everything in the keychain, with the secrets where it is unlocked.
    ///
    /// # Errors
    ///
    /// If there is none.
    pub async fn items(&self) -> Result<Vec<Item>> {
        secrets::items(&self.connect().await?).await
    }

    async fn start_bus(&mut self) -> Result<()> {
        let configuration = self.home.path().join("session.conf");
        let services = self.home.path().join("services");
        bus::write_services(&services, !self.display.is_empty())?;
        fs::write(
            &configuration,
            bus::configuration(&self.home.path().join(RUNTIME), &services),
        )
        .map_err(Error::io("write the bus's configuration"))?;
        let mut command = Command::new("dbus-daemon");
        command.arg(format!("--config-file={}", configuration.display()));
        command
            .args(["--nofork", "--nopidfile", "--print-address=1"])
            .envs(self.environment());
        let mut bus = Running::start("dbus-daemon", command)?;
        self.address = bus
            .line("the bus's address", crate::process::READY, |line| {
                line.starts_with("unix:").then(|| line.to_owned())
            })
            .await?;
        self._bus = Some(bus);
        Ok(())
    }

    async fn start_keyring(&mut self, keyring: Keyring) -> Result<()> {
        let connection = self.connect().await?;
        let mut command = Command::new("gnome-keyring-daemon");
        command
            .args(["--foreground", "--components=secrets"])
            .envs(self.environment());
        if keyring != Keyring::NeverUnlocked {
            command.arg("--unlock");
        }
        let mut daemon = Running::start("gnome-keyring-daemon", command)?;
        if let Some(mut stdin) = daemon.stdin() {
            // The daemon reads the password to the end of the pipe, which closes here.
            stdin
                .write_all(PASSWORD.as_bytes())
                .map_err(Error::io("hand over the keychain's password"))?;
        }
        bus::name_appears(&connection, "org.freedesktop.secrets", &daemon).await?;
        self._daemon = Some(daemon);
        Ok(())
    }
}

const RUNTIME: &str = "runtime";
const DATA: &str = "data";
const CONFIG: &str = "config";
const CACHE: &str = "cache";
const STATE: &str = "state";

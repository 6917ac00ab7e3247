//! The engine: what every sign-in and session shares.

mod client_secret;
#[cfg(test)]
mod home;
mod keychain;
mod profiles;
mod reset;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use sha2::{Digest as _, Sha256};
use url::Url;

use client_secret::KeptSecret;

use crate::browser::Browser;
use crate::clock::{Clock, SystemClock};
use crate::device::DeviceSignIn;
use crate::edition::EDITION;
use crate::error::{Code, Error, Result};
use crate::http::Http;
use crate::identity::Keys;
use crate::profile::{Profile, ProfileName, Profiles};
use crate::provider::{Cache, Discovery, Provider};
use crate::random::{Random, SystemRandom};
use crate::receiver::Links;
use crate::session::{Keep, Session};
use crate::sign_in::SignIn;
use crate::trace::{Flow, Observer, Trace};
use crate::vault::{SecretStore, Vault};

/// The folder for Doorkey's files: `DOORKEY_CONFIG_DIR`, or the [edition](crate::Edition)'s in the person's config folder.
///
/// # Errors
/// [`Code::FileError`] when the system names no config folder.
pub fn config_folder() -> Result<PathBuf> {
    if let Some(folder) = std::env::var_os("DOORKEY_CONFIG_DIR").filter(|folder| !folder.is_empty())
    {
        return Ok(PathBuf::from(folder));
    }
    default_config_folder().ok_or_else(|| {
        Error::new(
            Code::FileError,
            "The system names no folder for configuration",
        )
        .with_hint("Set HOME, or name a folder with DOORKEY_CONFIG_DIR.")
    })
}

fn default_config_folder() -> Option<PathBuf> {
    dirs::config_dir().map(|folder| folder.join(EDITION.folder))
}

/// Signs people in. Cheap to clone; clones share everything.
#[derive(Clone, Debug)]
pub struct Doorkey {
    engine: Engine,
}

/// What to build a [`Doorkey`] from.
#[must_use = "nothing happens before `build`"]
pub struct Builder {
    config: Option<PathBuf>,
    vault: Option<Vault>,
    require_keychain: bool,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    observer: Option<Arc<dyn Observer>>,
    links: Option<Links>,
}

impl Doorkey {
    /// Keeps sessions in the system keychain, and what is no secret in this folder; see [`config_folder`].
    pub fn builder(config: &Path) -> Builder {
        let vault = Vault::system(&namespace(config));
        Builder {
            config: Some(config.to_owned()),
            vault: Some(vault),
            ..Builder::new()
        }
    }

    /// Keeps nothing: sessions last as long as the program.
    pub fn in_memory() -> Builder {
        Builder::new()
    }

    /// The same engine, which tells the steps of its flows to somebody else. Both share everything else, the one
    /// thread that asks the keychain first of all.
    pub fn observed(&self, observer: impl Observer) -> Self {
        Self {
            engine: Engine {
                parts: Arc::clone(&self.engine.parts),
                observer: Some(Arc::new(observer)),
            },
        }
    }

    /// Signs a person in: opens the browser, waits for the answer, and verifies who came.
    ///
    /// Dropping the future cancels the sign-in and closes its port at once.
    ///
    /// # Errors
    /// Those of [`Doorkey::begin`], [`SignIn::answer`](crate::SignIn::answer) and [`Answer::finish`](crate::Answer::finish), and
    /// [`Code::BrowserUnavailable`].
    pub async fn sign_in(&self, profile: &Profile, browser: &dyn Browser) -> Result<Session> {
        let sign_in = self.begin(profile).await?;
        sign_in.open(browser)?;
        sign_in.answer().await?.finish().await
    }

    /// Begins a sign-in: asks the provider for its metadata, makes fresh secrets and listens for the answer. The
    /// browser is not opened yet.
    ///
    /// # Errors
    /// [`Code::DeepLinkUnavailable`] before anybody is asked; a provider or network error; [`Code::PortUnavailable`]; a
    /// keychain error when the keychain is required.
    pub async fn begin(&self, profile: &Profile) -> Result<SignIn> {
        SignIn::begin(&self.engine, profile).await
    }

    /// Begins a sign-in with a code that the person types into a browser anywhere
    /// ([RFC 8628](https://www.rfc-editor.org/rfc/rfc8628)): asks the provider for its metadata and for the code.
    ///
    /// # Errors
    /// [`Code::UnsupportedProvider`] when the provider has no such sign-in; a provider or network error; a keychain error
    /// when the keychain is required.
    pub async fn begin_device(&self, profile: &Profile) -> Result<DeviceSignIn> {
        DeviceSignIn::begin(&self.engine, profile).await
    }

    /// Whether the provider has the sign-in of [`begin_device`](Self::begin_device), as far as is known: recent metadata
    /// is not asked for again.
    ///
    /// # Errors
    /// A provider or network error.
    pub async fn offers_device(&self, profile: &Profile) -> Result<bool> {
        let http = self.engine.http(profile);
        let trace = self.engine.trace(Flow::SignIn).silent();
        let provider = self.engine.discovery().cached(profile, &http, &trace);
        Ok(provider.await?.device_authorization_endpoint.is_some())
    }

    /// The session that was kept for a profile, if there is one. The network is not needed.
    ///
    /// # Errors
    /// Why the keychain cannot be asked.
    pub async fn restore(&self, profile: &Profile) -> Result<Option<Session>> {
        let Some(keep) = self.engine.keep(profile.name()) else {
            return Ok(None);
        };
        // Taken first: what changes after it is seen at the next look.
        let stamp = keep.stamp();
        let record = keep.read(&profile.binding()).await?;
        Ok(record.map(|record| {
            let http = self.engine.http(profile);
            let profile = match &record.client {
                Some(client) => profile.of_client(client),
                None => profile.clone(),
            };
            Session::new(
                self.engine.clone(),
                Arc::new(profile),
                http,
                Some(keep),
                None,
                record,
                Some(stamp),
            )
        }))
    }

    pub(crate) fn engine(&self) -> &Engine {
        &self.engine
    }

    /// The profiles of the config folder, if there is one.
    pub fn profiles(&self) -> Option<Profiles> {
        self.engine.parts.config.as_deref().map(Profiles::new)
    }
}

impl Builder {
    fn new() -> Self {
        Self {
            config: None,
            vault: None,
            require_keychain: false,
            clock: Arc::new(SystemClock),
            random: Arc::new(SystemRandom),
            observer: None,
            links: None,
        }
    }

    /// Refuses to begin a sign-in whose session could not be kept, instead of keeping it in memory. For programs that
    /// end before the session does.
    pub fn require_keychain(mut self) -> Self {
        self.require_keychain = true;
        self
    }

    /// Tells each step of each flow.
    pub fn observer(mut self, observer: impl Observer) -> Self {
        self.observer = Some(Arc::new(observer));
        self
    }

    /// Takes answers that come as links, for profiles whose redirect URI has a scheme of this program's own. All engines
    /// of a program share one.
    pub fn links(mut self, links: Links) -> Self {
        self.links = Some(links);
        self
    }

    /// Uses another clock than the computer's.
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// Uses another source of randomness than the system's.
    pub fn random(mut self, random: impl Random) -> Self {
        self.random = Arc::new(random);
        self
    }

    /// Keeps sessions in another store than the system keychain. Needs a config folder, for the locks.
    pub fn store(mut self, store: impl SecretStore) -> Self {
        self.vault = Some(Vault::new(store, ""));
        self
    }

    /// Makes the engine. Nothing is opened, asked or written yet.
    pub fn build(self) -> Doorkey {
        let discovery = Discovery::new(Cache::new(self.config.as_deref()), Arc::clone(&self.clock));
        let parts = Parts {
            config: self.config,
            vault: self.vault,
            require_keychain: self.require_keychain,
            clock: self.clock,
            random: self.random,
            links: self.links,
            discovery,
            http: Http::new(None),
            keys: Mutex::default(),
            client_secrets: Mutex::default(),
        };
        Doorkey {
            engine: Engine {
                parts: Arc::new(parts),
                observer: self.observer,
            },
        }
    }
}

/// What every room of the engine may use.
#[derive(Clone)]
pub(crate) struct Engine {
    parts: Arc<Parts>,
    observer: Option<Arc<dyn Observer>>,
}

struct Parts {
    config: Option<PathBuf>,
    vault: Option<Vault>,
    require_keychain: bool,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    links: Option<Links>,
    discovery: Discovery,
    http: Http,
    keys: Mutex<HashMap<(Url, Option<PathBuf>), Keys>>,
    /// Those that no keychain keeps.
    client_secrets: Mutex<HashMap<ProfileName, KeptSecret>>,
}

impl Engine {
    pub(crate) fn clock(&self) -> &dyn Clock {
        self.parts.clock.as_ref()
    }

    pub(crate) fn random(&self) -> &dyn Random {
        self.parts.random.as_ref()
    }

    pub(crate) fn discovery(&self) -> &Discovery {
        &self.parts.discovery
    }

    pub(crate) fn vault(&self) -> Option<&Vault> {
        self.parts.vault.as_ref()
    }

    pub(crate) fn requires_keychain(&self) -> bool {
        self.parts.require_keychain
    }

    pub(crate) fn links(&self) -> Option<&Links> {
        self.parts.links.as_ref()
    }

    pub(crate) fn trace(&self, flow: Flow) -> Trace {
        Trace::new(flow, Arc::clone(&self.parts.clock), self.observer.clone())
    }

    /// The HTTP client for a profile; profiles without certificates of their own share one.
    pub(crate) fn http(&self, profile: &Profile) -> Http {
        match &profile.ca_file {
            Some(path) => Http::new(Some(path)),
            None => self.parts.http.clone(),
        }
    }

    /// Where the session of a profile is kept, unless nothing is.
    pub(crate) fn keep(&self, name: &ProfileName) -> Option<Keep> {
        let (vault, config) = (self.parts.vault.as_ref()?, self.parts.config.as_deref()?);
        Some(Keep::new(vault.clone(), name.clone(), config))
    }

    /// The provider's keys, asked for once and remembered.
    pub(crate) fn keys(&self, http: &Http, provider: &Provider) -> Result<Keys> {
        let uri = provider.jwks_uri.as_ref().ok_or_else(|| {
            Error::new(
                Code::MetadataInvalid,
                "The provider issued an ID token but publishes no keys to verify it with",
            )
        })?;
        let mut keys = self
            .parts
            .keys
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let keys = keys
            .entry((uri.clone(), http.ca_file().map(Path::to_owned)))
            .or_insert_with(|| Keys::new(http.clone(), uri.clone(), Arc::clone(&self.parts.clock)));
        Ok(keys.clone())
    }
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Engine")
            .field("config", &self.parts.config)
            .finish_non_exhaustive()
    }
}

/// Keeps the sessions of different config folders apart in the one keychain that they share.
fn namespace(config: &Path) -> String {
    if default_config_folder().as_deref() == Some(config) {
        return String::new();
    }
    let absolute = std::path::absolute(config).unwrap_or_else(|_| config.to_owned());
    let digest = Sha256::digest(absolute.as_os_str().as_encoded_bytes());
    let name: String = digest
        .iter()
        .take(6)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("{name}:")
}

//! Newer versions of the app: asked for, verified, and put in the place of this one.
//!
//! A build has this only if a maintainer gave it a key and an address. What the address answers is not trusted: a program
//! counts only with a signature by that key for the version that was announced. Tauri's updater verifies and installs;
//! asking is done here, where the answer has a deadline and a cap.

mod announcement;
mod connection;
mod installation;
mod package;
mod refusal;
mod source;

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use serde_json::json;
use tauri::{AppHandle, Config};
use tauri_plugin_updater::{Update, Updater, UpdaterExt as _};
use url::Url;

use crate::download;
use crate::effects::{Package, Progress, Release, UpdateRoute};
use crate::view::Problem;
use installation::Installation;
use source::{ADDRESS, KEY, Source, authority};

/// What the system is called in addresses and announcements.
const TARGET: &str = if cfg!(target_os = "macos") {
    "darwin"
} else {
    std::env::consts::OS
};

/// The source that this build was made with. In a build for development, the environment may name another.
fn source() -> Result<Option<Source>, String> {
    let built_in = (
        option_env!("DOORKEY_UPDATE_KEY").map(str::to_owned),
        option_env!("DOORKEY_UPDATE_ADDRESS").map(str::to_owned),
    );
    let (key, address) = if connection::plain_loopback() {
        let named = |name| std::env::var(name).ok();
        (named(KEY).or(built_in.0), named(ADDRESS).or(built_in.1))
    } else {
        built_in
    };
    Source::parse(
        key.as_deref(),
        address.as_deref(),
        connection::plain_loopback(),
    )
}

/// Tells Tauri's updater whose signature counts. It takes its settings from nowhere else.
pub(crate) fn configure(config: &mut Config) {
    match source() {
        Ok(Some(source)) => {
            let settings = json!({
                "pubkey": source.key(),
                "requireSignedVersion": true,
                "windows": { "installMode": "passive" },
            });
            config.plugins.0.insert("updater".to_owned(), settings);
        }
        Ok(None) => {}
        Err(reason) => tracing::error!(reason, "nobody is asked for updates"),
    }
}

/// Begins with Tauri's updater, in a build that looks for updates. The web UI has no permission for its commands.
pub(crate) fn begin(app: &AppHandle) -> tauri::Result<()> {
    match source() {
        Ok(Some(_)) => app.plugin(tauri_plugin_updater::Builder::new().build()),
        _ => Ok(()),
    }
}

/// Newer versions of this copy of the app.
pub(crate) struct Updates {
    app: AppHandle,
    /// Who is asked.
    url: Url,
    installation: Installation,
    /// The one that was announced last.
    announced: Mutex<Option<Update>>,
}

impl Updates {
    /// None if this build asks nobody.
    pub(crate) fn new(app: &AppHandle) -> Option<Self> {
        let version = env!("CARGO_PKG_VERSION");
        let url = source().ok()??.url(version, TARGET, std::env::consts::ARCH);
        Some(Self {
            app: app.clone(),
            url: url.ok()?,
            installation: Installation::of(app),
            announced: Mutex::default(),
        })
    }

    /// Who is asked, and how a newer version gets here.
    pub(crate) fn route(&self) -> UpdateRoute {
        UpdateRoute {
            host: authority(&self.url),
            method: self.installation.method(),
        }
    }

    /// Asks for the newest version; none if this is it.
    ///
    /// # Errors
    /// Why that is not known.
    pub(crate) async fn find(&self) -> Result<Option<Release>, Problem> {
        let host = authority(&self.url);
        let Some(announced) = announcement::ask(&self.url).await? else {
            return Ok(None);
        };
        let refused = |error| refusal::problem(&host, error);
        let update = self
            .updater()
            .and_then(|updater| updater.restore_update(announced))
            .map_err(refused)?;
        let release = match &update {
            Some(update) => Some(announcement::release(update, &host)?),
            None => None,
        };
        *self.announced() = update;
        Ok(release)
    }

    /// Downloads the version that was announced last, and verifies it.
    ///
    /// # Errors
    /// Why it is not here.
    pub(crate) async fn download(&self, progress: Progress) -> Result<Package, Problem> {
        let update = self.last()?;
        package::download(&update, progress).await
    }

    /// Puts it in the place of this one, or where the person finds it: then the file is returned. May take its time; on
    /// Windows the app ends with it.
    ///
    /// # Errors
    /// Why everything is as it was.
    pub(crate) fn install(&self, package: &Package) -> Result<Option<PathBuf>, Problem> {
        let update = self.last()?;
        let host = authority(&update.download_url);
        match self.installation {
            Installation::Nobody => Err(refusal::not_installed(
                "nothing installed this copy of Doorkey",
            )),
            Installation::Package(form) => {
                let verified = update.verify(package.bytes());
                verified.map_err(|error| refusal::problem(&host, error))?;
                let stem = format!("doorkey-{}-{}", update.version, std::env::consts::ARCH);
                download::write_bytes(&stem, form.ending(), package.bytes())
                    .map(|exported| Some(exported.path))
            }
            _ => update
                .install(package.bytes())
                .map(|()| None)
                .map_err(|error| refusal::problem(&host, error)),
        }
    }

    fn updater(&self) -> Result<Updater, tauri_plugin_updater::Error> {
        let asked = self.url.clone();
        let mut builder = self
            .app
            .updater_builder()
            .endpoints(vec![self.url.clone()])?
            .configure_client(move |builder| connection::client(builder, &asked))
            // The installer starts the app again, but not with the arguments of this start: a link may be among them.
            .restart_after_install(false)
            .installer_arg("/R");
        // A package manager gets its own form, or nothing.
        if let Installation::Package(form) = self.installation {
            builder = builder.target(format!(
                "{TARGET}-{}-{}",
                std::env::consts::ARCH,
                form.ending()
            ));
        }
        builder.build()
    }

    fn last(&self) -> Result<Update, Problem> {
        self.announced()
            .clone()
            .ok_or_else(|| Problem::forgotten("update"))
    }

    fn announced(&self) -> std::sync::MutexGuard<'_, Option<Update>> {
        self.announced
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

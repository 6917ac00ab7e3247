//! What the controller does to the world, as one narrow trait.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use doorkey_core::BrowserCommand;
use url::Url;

use crate::tray::Tray;
use crate::view::{BrowserView, Problem, Theme, UpdateMethod, View};

/// The world outside of the controller. What may take its time says so; the controller calls that from tasks only.
pub trait Effects: Send + Sync + 'static {
    /// Shows a view in the window.
    fn publish(&self, view: &View);

    /// Shows the tray. Without one there is nothing to do.
    fn draw_tray(&self, tray: &Tray);

    /// Opens an address in the person's browser: the one named, or the system's default one. May take its time.
    ///
    /// # Errors
    /// When no browser could be started.
    fn open_browser(&self, url: &Url, browser: Option<&BrowserCommand>)
    -> doorkey_core::Result<()>;

    /// The browsers on this computer. May take its time.
    fn browsers(&self) -> Vec<BrowserView>;

    /// Puts text onto the clipboard. May take its time.
    ///
    /// # Errors
    /// Why the system will not take it, in a clause.
    fn copy(&self, text: &str) -> Result<(), String>;

    /// Shows a file in the system's file manager. May take its time.
    ///
    /// # Errors
    /// Why that cannot be done, in a clause.
    fn reveal(&self, file: &Path) -> Result<(), String>;

    /// Tells the person something, unless the window is before their eyes. May take its time.
    fn notify(&self, notice: &Notice);

    /// Makes sure that links of a scheme come to this program. May take its time.
    fn claim(&self, scheme: &str) -> Claim;

    /// Whether the app starts when the person logs in; none where that cannot be arranged. May take its time.
    fn starts_at_login(&self) -> Option<bool>;

    /// Starts the app when the person logs in, or no longer. May take its time.
    ///
    /// # Errors
    /// Why that cannot be arranged, in a clause.
    fn start_at_login(&self, wanted: bool) -> Result<(), String>;

    /// Dresses the window.
    fn dress(&self, theme: Theme);

    /// Brings the window to the front, wherever it is.
    fn raise_window(&self);

    /// Takes the window off the screen, because the app is about to end.
    fn hide_window(&self);

    /// Who is asked for newer versions of the app; none if nobody ever is.
    fn update_route(&self) -> Option<UpdateRoute>;

    /// Asks for the newest version; none if this is it.
    ///
    /// # Errors
    /// Why that is not known.
    fn find_update(&self) -> impl Future<Output = Result<Option<Release>, Problem>> + Send;

    /// Downloads the version that was found last, and verifies it. Dropping the future breaks the download off.
    ///
    /// # Errors
    /// Why it is not here.
    fn download_update(
        &self,
        progress: Progress,
    ) -> impl Future<Output = Result<Package, Problem>> + Send;

    /// Puts it in the place of this one, or where the person finds it: then the file is returned. May take its time, and may
    /// be the last that the app does.
    ///
    /// # Errors
    /// Why everything is as it was.
    fn install_update(&self, package: &Package) -> Result<Option<PathBuf>, Problem>;

    /// Ends the app. Nothing is under way any more.
    fn quit(&self);

    /// The same, and starts it again.
    fn restart(&self);
}

/// Who is asked for newer versions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UpdateRoute {
    /// Host and port.
    pub host: String,
    /// How a newer version gets here.
    pub method: UpdateMethod,
}

/// A newer version. Inert text: it comes from a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Release {
    /// Such as `1.2.3`.
    pub version: String,
    /// What is new in it, in lines of plain text; empty if nothing was said.
    pub notes: String,
}

/// Takes how many bytes are here, and how many there are in all if that is known.
pub type Progress = Box<dyn Fn(u64, Option<u64>) + Send + Sync>;

/// A program that was downloaded and verified.
#[derive(Clone, PartialEq, Eq)]
pub struct Package(Arc<Vec<u8>>);

impl Package {
    /// A program of these bytes.
    pub fn new(bytes: Vec<u8>) -> Self {
        Self(Arc::new(bytes))
    }

    /// Its bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Package {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Package({} bytes)", self.0.len())
    }
}

/// Something to tell a person who is not looking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// What it is about, in a few words.
    pub title: String,
    /// What happened and what to do, in a sentence or two.
    pub body: String,
}

/// Whose a scheme is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claim {
    /// Links come here.
    Ours,
    /// Links go to another program.
    Others {
        /// Which, if the system says so.
        program: Option<String>,
    },
    /// The system will not take it.
    Impossible {
        /// Why, in a clause.
        reason: String,
    },
}

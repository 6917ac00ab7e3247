//! Where windows are measured: a display, a tray and a keychain that nobody else uses.

use std::path::PathBuf;
use std::time::Instant;

use doorkey_tests::display::Display;
use doorkey_tests::process::Running;
use doorkey_tests::program;
use doorkey_tests::tray::Tray;

use crate::error::Result;
use crate::family::Family;
use crate::surroundings::{Surroundings, beside};

/// Stays in the tray, in both programs.
const HIDDEN: &str = "--hidden";

/// A desktop with nothing on it.
pub(crate) struct Desk {
    // In the order in which they are dropped.
    pub(crate) tray: Tray,
    pub(crate) surroundings: Surroundings,
    pub(crate) display: Display,
}

/// What opens a window.
#[derive(Clone, Copy, Debug)]
pub(crate) enum App {
    /// `doorkey-desktop`.
    Doorkey,
    /// The floor: Tauri with an empty page.
    Empty,
}

/// A program that was started. It ends when it is dropped.
pub(crate) struct Started {
    pub(crate) at: Instant,
    running: Running,
}

impl Desk {
    pub(crate) async fn prepare() -> Result<Self> {
        let display = Display::start().await?;
        let surroundings = Surroundings::on(&display).await?;
        Ok(Self {
            tray: Tray::start(&surroundings.session).await?,
            surroundings,
            display,
        })
    }

    pub(crate) fn start(&self, app: App) -> Result<Started> {
        self.launch(app, &[])
    }

    pub(crate) fn start_hidden(&self, app: App) -> Result<Started> {
        self.launch(app, &[HIDDEN])
    }

    fn launch(&self, app: App, arguments: &[&str]) -> Result<Started> {
        let mut command = self.surroundings.command(app.program()?)?;
        command.args(arguments);
        let at = Instant::now();
        let running = Running::start(app.name(), command)?;
        Ok(Started { at, running })
    }
}

impl App {
    /// Where its release build is.
    pub(crate) fn program(self) -> Result<PathBuf> {
        match self {
            Self::Doorkey => Ok(program::desktop()?),
            Self::Empty => beside("empty-window"),
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Doorkey => "doorkey-desktop",
            Self::Empty => "empty-window",
        }
    }
}

impl Started {
    /// All its processes.
    pub(crate) fn family(&self) -> Family {
        Family::of(self.running.id())
    }

    /// What it has complained of so far.
    pub(crate) fn said(&self) -> String {
        self.running.stderr()
    }
}

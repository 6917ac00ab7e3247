//! An X display with a window manager, on a number of its own.

use std::{path::Path, process::Command};

use crate::{
    Error, Result,
    process::{READY, Running},
};

/// An X server that draws into memory, with openbox on it.
#[derive(Debug)]
pub struct Display {
    // Dropped before the server, so that it does not complain that the server is gone.
    _window_manager: Running,
    _server: Running,
    name: String,
}

impl Display {
    /// Starts a display of 1280 × 900 points.
    ///
    /// # Errors
    ///
    /// If the server or the window manager does not start.
    pub async fn start() -> Result<Self> {
        let mut command = Command::new("Xvfb");
        command.args([
            "-displayfd",
            "1",
            "-screen",
            "0",
            "1280x900x24",
            "-nolisten",
            "tcp",
            "-noreset",
        ]);
        let mut server = Running::start("Xvfb", command)?;
        // The server chooses a free number, and prints it once clients can connect.
        let name = server
            .line("display number", READY, |line| {
                line.parse().ok().map(|number: u32| format!(":{number}"))
            })
            .await?;
        let window_manager = start_window_manager(&name).await?;
        Ok(Self {
            _window_manager: window_manager,
            _server: server,
            name,
        })
    }

    /// The display's name, such as `:1`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The environment that puts a child process onto this display.
    pub fn environment(&self) -> Vec<(String, String)> {
        environment(&self.name)
    }

    /// Writes a picture of the whole display, as PNG if the path ends so.
    ///
    /// # Errors
    ///
    /// If ImageMagick cannot take it.
    pub async fn screenshot(&self, path: &Path) -> Result<()> {
        let mut command = Command::new("import");
        command
            .args(["-window", "root"])
            .arg(path)
            .envs(self.environment());
        let mut import = Running::start("import", command)?;
        let status = import.exit(READY).await?;
        if status.success() {
            return Ok(());
        }
        Err(Error::unexpected(
            "import",
            format!("{status}: {}", import.stderr()),
        ))
    }
}

async fn start_window_manager(display: &str) -> Result<Running> {
    let mut command = Command::new("openbox");
    command
        .args(["--sm-disable", "--config-file", "/etc/xdg/openbox/rc.xml"])
        .envs(environment(display));
    let window_manager = Running::start("openbox", command)?;
    // A window manager that is ready says so in a property of the root window. Watching that
    // property alone fails as long as nobody has ever named it.
    let mut command = Command::new("xprop");
    command.args(["-root", "-spy"]).envs(environment(display));
    let mut properties = Running::start("xprop", command)?;
    properties
        .line("window manager", READY, |line| {
            line.starts_with("_NET_SUPPORTING_WM_CHECK").then_some(())
        })
        .await?;
    Ok(window_manager)
}

fn environment(display: &str) -> Vec<(String, String)> {
    [
        ("DISPLAY", display),
        // The person's own display, if there is one, is not for tests.
        ("WAYLAND_DISPLAY", ""),
        ("GDK_BACKEND", "x11"),
        ("XDG_SESSION_TYPE", "x11"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into()
}

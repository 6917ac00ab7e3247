//! A person at their desktop, inside of a root: display, session bus, keychain, tray and browser.

use std::{
    fs,
    io::Write as _,
    os::unix::fs::{PermissionsExt as _, chown},
    process::Command,
    time::Duration,
};

use doorkey_tests::{
    Error, Result,
    display::Display,
    keychain::{Item, PASSWORD, items, name_appears},
    process::{READY, Running},
    tray::{Tray, TrayItem},
};
use zbus::Connection;

use crate::{
    root::{HOME, Root, User, finish},
    screen_reader::ScreenReader,
};

/// The person's runtime folder.
const RUNTIME: &str = "/run/user/1000";

/// The usual session bus, which the tests may listen to from outside.
const BUS: &str = r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <include>/usr/share/dbus-1/session.conf</include>
  <listen>unix:path=/run/user/1000/bus</listen>
  <policy context="default"><allow user="*"/></policy>
</busconfig>
"#;

/// A person who is logged in to their desktop.
pub(crate) struct Scene {
    // In the order in which they end: the root last, when nobody is in it any more.
    _keychain: Running,
    _bus: Running,
    connection: Connection,
    display: Display,
    pub(crate) root: Root,
}

/// The app, from its start to its end.
pub(crate) struct App {
    output: Running,
    pub(crate) item: TrayItem,
}

/// How a program has ended.
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Scene {
    /// Logs the person in.
    pub(crate) async fn start(root: Root) -> Result<Self> {
        let display = Display::start().await?;
        let runtime = root.path(RUNTIME);
        let bus = runtime.join("session.conf");
        fs::create_dir_all(&runtime)
            .and_then(|()| fs::set_permissions(&runtime, fs::Permissions::from_mode(0o700)))
            .and_then(|()| fs::write(&bus, BUS))
            .and_then(|()| chown(&runtime, Some(1000), Some(1000)))
            .map_err(Error::io("make the runtime folder"))?;
        let mut command = root.command(User::Person, "dbus-daemon");
        command
            .arg(format!("--config-file={RUNTIME}/session.conf"))
            .args(["--nofork", "--nopidfile", "--print-address=1"])
            .envs(session(&display));
        let mut bus = Running::start("dbus-daemon", command)?;
        bus.line("the bus's address", READY, |line| {
            line.starts_with("unix:").then_some(())
        })
        .await?;
        let address = format!("unix:path={}", runtime.join("bus").display());
        let connection = connect(&address).await?;
        let keychain = start_keychain(&root, &display, &connection).await?;
        Ok(Self {
            _keychain: keychain,
            _bus: bus,
            connection,
            display,
            root,
        })
    }

    /// Starts the app from the desktop's menu, by the name of its entry.
    pub(crate) async fn launch(&self) -> Result<App> {
        self.app("gtk-launch", &["Doorkey"]).await
    }

    /// Starts a program that becomes the app, and waits for its icon in the tray.
    pub(crate) async fn app(&self, program: &str, arguments: &[&str]) -> Result<App> {
        let address = format!(
            "unix:path={}",
            self.root.path(RUNTIME).join("bus").display()
        );
        // A new tray for each start: whoever comes to it was started after it.
        let mut tray = Tray::start_on(connect(&address).await?).await?;
        let output = self.spawn(program, arguments)?;
        let item = tray
            .item()
            .await
            .map_err(|error| Error::unexpected(program, format!("{error}\n{}", output.stderr())))?;
        // An icon comes to the tray before its menu is there to be asked for.
        becomes("the icon's menu", || async { item.menu().await.is_ok() }).await?;
        Ok(App { output, item })
    }

    /// Starts a program as the person.
    pub(crate) fn spawn(&self, program: &str, arguments: &[&str]) -> Result<Running> {
        let mut command = self.root.command(User::Person, program);
        command.args(arguments).envs(session(&self.display));
        Running::start(program, command)
    }

    /// Runs a program as the person to its end.
    pub(crate) async fn run(&self, program: &str, arguments: &[&str]) -> Result<Ended> {
        let mut running = self.spawn(program, arguments)?;
        drop(running.stdin());
        let status = running.exit(READY).await?;
        Ok(Ended {
            code: status.code(),
            stdout: running.stdout(),
            stderr: running.stderr(),
        })
    }

    /// What is in the person's keychain.
    pub(crate) async fn keychain(&self) -> Result<Vec<Item>> {
        items(&self.connection).await
    }

    /// What the window tells those who do not see it.
    pub(crate) async fn window(&self) -> Result<ScreenReader> {
        ScreenReader::start(&self.connection, &self.root).await
    }

    /// Clicks with the mouse on what has a name in the window.
    pub(crate) async fn click(&self, name: &str) -> Result<()> {
        self.when_shown().await?;
        let (x, y) = self.window().await?.place(name).await?;
        let (x, y) = (x.to_string(), y.to_string());
        let click = ["mousemove", "--sync", &x, &y, "click", "1"];
        self.on_display("xdotool", &click).await.map(drop)
    }

    /// Waits until the window says something.
    pub(crate) async fn hears(&self, text: &str) -> Result<()> {
        self.window().await?.hears(text).await
    }

    /// Waits until the window is on the screen.
    pub(crate) async fn when_shown(&self) -> Result<()> {
        becomes("the window on the screen", || self.shows_window()).await
    }

    /// Whether the app's window is on the screen.
    pub(crate) async fn shows_window(&self) -> bool {
        let search = ["search", "--onlyvisible", "--name", "^Doorkey$"];
        self.on_display("xdotool", &search).await.is_ok()
    }

    /// Closes the window by the keyboard, and waits until it is hidden.
    pub(crate) async fn close_window(&self) -> Result<()> {
        becomes("the focus", || async {
            let active = self
                .on_display("xdotool", &["getactivewindow", "getwindowname"])
                .await;
            active.is_ok_and(|name| name.trim() == "Doorkey")
        })
        .await?;
        self.on_display("xdotool", &["key", "alt+F4"]).await?;
        becomes("that the window is hidden", || async {
            !self.shows_window().await
        })
        .await
    }

    /// Runs a program of this machine on the display.
    async fn on_display(&self, program: &str, arguments: &[&str]) -> Result<String> {
        let mut command = Command::new(program);
        command.args(arguments).envs(self.display.environment());
        finish(program, command).await
    }

    /// Writes a picture of the display where `DOORKEY_TEST_PICTURES` says, for people to look at.
    ///
    /// A page tells what it says before it has drawn it, and the first time it draws slowly: a picture is taken until it
    /// stays as it is.
    pub(crate) async fn picture(&self, name: &str) -> Result<()> {
        let Some(folder) = std::env::var_os("DOORKEY_TEST_PICTURES") else {
            return Ok(());
        };
        let path = std::path::Path::new(&folder).join(format!("{name}.png"));
        let mut last = Vec::new();
        let mut pause = tokio::time::interval(Duration::from_secs(5));
        // A picture may take longer than that itself.
        pause.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            pause.tick().await;
            self.display.screenshot(&path).await?;
            let picture = fs::read(&path).map_err(Error::io("read a picture"))?;
            if picture == last {
                return Ok(());
            }
            last = picture;
        }
    }

    /// Writes a file below the person's home.
    pub(crate) fn write(&self, path: &str, text: &str) -> Result<()> {
        let mut place = self.root.path(HOME);
        for name in path.split('/') {
            place.push(name);
            if !path.ends_with(name) && !place.exists() {
                fs::create_dir(&place).map_err(Error::io(format!("make {path}")))?;
            } else if path.ends_with(name) {
                fs::write(&place, text).map_err(Error::io(format!("write {path}")))?;
            }
            chown(&place, Some(1000), Some(1000)).map_err(Error::io(format!("give {path}")))?;
        }
        Ok(())
    }
}

impl App {
    /// Quits from the tray, and waits until nothing of the app runs any more.
    pub(crate) async fn quit(mut self) -> Result<()> {
        self.item.press("Quit").await?;
        self.output.exit(READY).await.map(drop)
    }

    /// All that it has told whoever started it.
    pub(crate) fn said(&self) -> String {
        self.output.stdout() + &self.output.stderr()
    }
}

/// Waits for something that gives no event.
pub(crate) async fn becomes<F: Future<Output = bool>>(
    awaited: &str,
    mut holds: impl FnMut() -> F,
) -> Result<()> {
    let wait = async {
        let mut pause = tokio::time::interval(Duration::from_millis(100));
        while !holds().await {
            pause.tick().await;
        }
    };
    tokio::time::timeout(READY, wait)
        .await
        .map_err(|_| Error::unexpected("desktop", format!("{awaited} did not come true")))
}

/// The keychain that the package brings, opened as at login.
async fn start_keychain(
    root: &Root,
    display: &Display,
    connection: &Connection,
) -> Result<Running> {
    let mut command = root.command(User::Person, "gnome-keyring-daemon");
    command
        .args(["--foreground", "--components=secrets", "--unlock"])
        .envs(session(display));
    let mut daemon = Running::start("gnome-keyring-daemon", command)?;
    if let Some(mut stdin) = daemon.stdin() {
        // The daemon reads the password to the end of the pipe, which closes here.
        stdin
            .write_all(PASSWORD.as_bytes())
            .map_err(Error::io("hand over the keychain's password"))?;
    }
    name_appears(connection, "org.freedesktop.secrets", &daemon).await?;
    Ok(daemon)
}

async fn connect(address: &str) -> Result<Connection> {
    Ok(zbus::connection::Builder::address(address)?.build().await?)
}

/// What a session on this display has in its environment.
fn session(display: &Display) -> Vec<(String, String)> {
    let mut session = display.environment();
    let bus = format!("unix:path={RUNTIME}/bus");
    for (name, value) in [
        ("XDG_RUNTIME_DIR", RUNTIME),
        ("DBUS_SESSION_BUS_ADDRESS", bus.as_str()),
        ("XDG_CURRENT_DESKTOP", "GNOME"),
    ] {
        session.push((name.to_owned(), value.to_owned()));
    }
    session
}

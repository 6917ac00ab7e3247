//! A desktop of its own for each test, with the app's embedded provider on ports of its own.

use std::{fs, net::TcpListener, process::Command, time::Duration};

use doorkey_core::EDITION;
use doorkey_tests::{
    Error, Result,
    display::Display,
    keychain::{Keyring, PrivateSession},
    process::{READY, Running},
    program,
    tray::{Entry, Tray, TrayItem},
    window::Window,
};

/// How many places for three ports in a row are tried.
const ATTEMPTS: usize = 50;

pub(crate) struct Desktop {
    pub(crate) session: PrivateSession,
    display: Display,
    tray: Option<Tray>,
    browser: String,
    variables: Vec<(String, String)>,
}

impl Desktop {
    /// A desktop with a tray and an open keychain, whose browser is Ada.
    pub(crate) async fn start() -> Result<Self> {
        let mut desktop = Self::without_tray().await?;
        desktop.tray = Some(Tray::start(&desktop.session).await?);
        Ok(desktop)
    }

    pub(crate) async fn without_tray() -> Result<Self> {
        let display = Display::start().await?;
        let session = PrivateSession::start_on(&display, Keyring::Unlocked).await?;
        let profiles = session.config_dir().join("profiles");
        fs::create_dir_all(&profiles)
            .and_then(|()| fs::write(profiles.join("demo.toml"), demo_profile()?))
            .map_err(Error::io("write the demo profile"))?;
        Ok(Self {
            session,
            display,
            tray: None,
            browser: program::agent()?.display().to_string(),
            variables: Vec::new(),
        })
    }

    /// Writes a profile file.
    pub(crate) fn write_profile(&self, name: &str, text: &str) -> Result<()> {
        let path = self.profile_path(name);
        fs::write(path, text).map_err(Error::io("write a profile"))
    }

    /// Puts lines before the others of the demo profile.
    pub(crate) fn change_demo(&self, lines: &str) -> Result<()> {
        let path = self.profile_path("demo");
        let text = fs::read_to_string(&path).map_err(Error::io("read the demo profile"))?;
        fs::write(path, format!("{lines}\n{text}")).map_err(Error::io("write the demo profile"))
    }

    /// The issuer of the demo profile.
    pub(crate) fn demo_issuer(&self) -> Result<String> {
        let text = fs::read_to_string(self.profile_path("demo"))
            .map_err(Error::io("read the demo profile"))?;
        let issuer = text.lines().find_map(|line| {
            line.strip_prefix("issuer = \"")?
                .strip_suffix('"')
                .map(str::to_owned)
        });
        issuer.ok_or_else(|| Error::unexpected("demo profile", "it has no issuer"))
    }

    fn profile_path(&self, name: &str) -> std::path::PathBuf {
        let profiles = self.session.config_dir().join("profiles");
        profiles.join(format!("{name}.toml"))
    }

    /// Sets a variable for everything that is started on this desktop.
    pub(crate) fn with_variable(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Uses another program as the browser.
    pub(crate) fn with_browser(mut self, browser: &str) -> Self {
        self.browser = browser.to_owned();
        self
    }

    pub(crate) fn environment(&self) -> Vec<(String, String)> {
        let mut environment = self.session.environment();
        environment.push(("BROWSER".to_owned(), self.browser.clone()));
        environment.push(("RUST_LOG".to_owned(), "trace".to_owned()));
        environment.extend(self.variables.iter().cloned());
        environment
    }

    /// Starts the app and waits for its window.
    pub(crate) async fn open(&self) -> Result<Window> {
        Window::open(&program::desktop()?, &self.environment()).await
    }

    /// The app's item in the tray.
    pub(crate) async fn item(&mut self) -> Result<TrayItem> {
        match &mut self.tray {
            Some(tray) => tray.item().await,
            None => Err(Error::unexpected("tray", "this desktop has none")),
        }
    }

    /// Runs a program on this desktop to its end, and returns what it printed.
    pub(crate) async fn run(&self, program: &str, arguments: &[&str]) -> Result<String> {
        let mut running = self.spawn(program, arguments)?;
        drop(running.stdin());
        let status = running.exit(READY).await?;
        if status.success() {
            return Ok(running.stdout());
        }
        Err(Error::unexpected(
            program,
            format!("{status}: {}", running.stderr()),
        ))
    }

    pub(crate) fn spawn(&self, program: &str, arguments: &[&str]) -> Result<Running> {
        let mut command = Command::new(program);
        command.args(arguments).envs(self.environment());
        Running::start(program, command)
    }

    /// The title of the window that has the focus, or nothing.
    pub(crate) async fn active_window(&self) -> String {
        self.run("xdotool", &["getactivewindow", "getwindowname"])
            .await
            .map(|name| name.trim().to_owned())
            .unwrap_or_default()
    }

    /// Whether the app's window is on the screen.
    pub(crate) async fn shows_window(&self) -> bool {
        self.run(
            "xdotool",
            &["search", "--onlyvisible", "--name", "^Doorkey"],
        )
        .await
        .is_ok()
    }

    /// Starts the app and signs Ada in.
    pub(crate) async fn open_signed_in(&self) -> Result<Window> {
        let window = self.open().await?;
        window.click("sign-in").await?;
        window.element("account-name").await?;
        Ok(window)
    }

    /// Quits the app from its tray, and makes a new tray for the next start.
    pub(crate) async fn quit(&mut self, window: Window) -> Result<()> {
        self.item().await?.press("Quit").await?;
        drop(window);
        self.when_ended().await?;
        self.renew_tray().await
    }

    /// Waits until the app's window has the focus.
    pub(crate) async fn when_focused(&self) -> Result<()> {
        becomes("the focus", || async {
            self.active_window().await == EDITION.name
        })
        .await
    }

    /// Minimizes the app's window, once it has the focus, and waits until it has lost it.
    pub(crate) async fn minimize(&self) -> Result<()> {
        self.when_focused().await?;
        self.run("xdotool", &["getactivewindow", "windowminimize"])
            .await?;
        becomes("that the window is minimized", || async {
            self.active_window().await != EDITION.name
        })
        .await
    }

    /// Closes the app's window by the keyboard, and waits until it is hidden.
    pub(crate) async fn hide_window(&self) -> Result<()> {
        self.run("xdotool", &["key", "alt+F4"]).await?;
        becomes("that the window is hidden", || async {
            !self.shows_window().await
        })
        .await
    }

    /// Waits until no app runs any more: the next start would only wake it.
    async fn when_ended(&self) -> Result<()> {
        const ASK: [&str; 8] = [
            "call",
            "--session",
            "--dest",
            "org.freedesktop.DBus",
            "--object-path",
            "/org/freedesktop/DBus",
            "--method",
            "org.freedesktop.DBus.ListNames",
        ];
        becomes("that the app has ended", || async {
            self.run("gdbus", &ASK)
                .await
                .is_ok_and(|names| !names.contains("SingleInstance"))
        })
        .await
    }

    /// Replaces the tray: whoever registers with the new one was started after the old one.
    async fn renew_tray(&mut self) -> Result<()> {
        self.tray = None;
        self.tray = Some(Tray::start(&self.session).await?);
        Ok(())
    }

    /// Writes a picture of the display where `DOORKEY_TEST_PICTURES` says, for people to look at.
    pub(crate) async fn picture(&self, name: &str) -> Result<()> {
        let Some(folder) = std::env::var_os("DOORKEY_TEST_PICTURES") else {
            return Ok(());
        };
        let path = std::path::Path::new(&folder).join(format!("{name}.png"));
        self.display.screenshot(&path).await
    }
}

/// Waits for something that X11 gives no event for.
pub(crate) async fn becomes<F: Future<Output = bool>>(
    awaited: &str,
    mut holds: impl FnMut() -> F,
) -> Result<()> {
    let wait = async {
        let mut pause = tokio::time::interval(Duration::from_millis(50));
        while !holds().await {
            pause.tick().await;
        }
    };
    tokio::time::timeout(READY, wait)
        .await
        .map_err(|_| Error::unexpected("window", format!("{awaited} did not come true")))
}

/// Whether a menu has an entry.
pub(crate) fn has(label: &'static str) -> impl FnMut(&[Entry]) -> bool {
    move |menu| menu.iter().any(|entry| entry.label == label)
}

/// What the menu shows, and what can be pressed.
pub(crate) fn told(menu: &[Entry]) -> Vec<(&str, bool)> {
    menu.iter()
        .map(|entry| (entry.label.as_str(), entry.enabled))
        .collect()
}

/// A demo profile on three ports in a row that are free now.
fn demo_profile() -> std::io::Result<String> {
    for _ in 0..ATTEMPTS {
        let first = TcpListener::bind("127.0.0.1:0")?;
        let port = first.local_addr()?.port();
        let others = (1..=2u16)
            .filter_map(|step| TcpListener::bind(("127.0.0.1", port.checked_add(step)?)).ok());
        if others.count() == 2 {
            return Ok(format!(
                "issuer = \"http://127.0.0.1:{port}\"\n\
                 client_id = \"doorkey-desktop\"\n\
                 scopes = [\"openid\", \"profile\", \"email\", \"offline_access\", \"projects:read\", \"workflows:read\", \"executions:write\"]\n\
                 api = [\"http://127.0.0.1:{}\"]\n",
                port + 1
            ));
        }
    }
    Err(std::io::Error::other("no three free ports in a row"))
}

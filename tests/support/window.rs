//! The desktop app in a real window, driven through tauri-driver and WebKitWebDriver.
//!
//! ```no_run
//! # async fn example() -> doorkey_tests::Result<()> {
//! use doorkey_tests::{display::Display, keychain::{Keyring, PrivateSession}, program, tray::Tray, window::Window};
//!
//! let display = Display::start().await?;
//! let session = PrivateSession::start_on(&display, Keyring::Unlocked).await?;
//! let mut tray = Tray::start(&session).await?;
//! let mut environment = session.environment();
//! environment.push(("BROWSER".to_owned(), program::agent()?.display().to_string()));
//! let window = Window::open(&program::desktop()?, &environment).await?;
//! window.click("sign-in").await?;
//! assert_eq!(window.text("account-name").await?, "Ada Moreno");
//! tray.item().await?.press("Log out").await?;
//! window.close().await?;
//! # Ok(()) }
//! ```

use std::{fs, net::TcpListener, path::Path, process::Command};

use fantoccini::{Client, Locator, elements::Element, wd::Capabilities};
use serde_json::json;

use crate::{
    Error, Result,
    browser::connect,
    process::{READY, Running, answers},
    program,
};

/// How often a start is tried again when another process has taken a port that was free before.
const ATTEMPTS: usize = 3;

/// The app's window.
#[derive(Debug)]
pub struct Window {
    client: Client,
    driver: Running,
}

impl Window {
    /// Starts an application and waits for its window.
    ///
    /// # Errors
    ///
    /// If a driver is missing, or the application does not open a window.
    pub async fn open(application: &Path, environment: &[(String, String)]) -> Result<Self> {
        let application = application
            .canonicalize()
            .map_err(Error::io(format!("find {}", application.display())))?;
        let (driver, address) = start_driver(environment).await?;
        let mut capabilities = Capabilities::new();
        capabilities.insert(
            "tauri:options".to_owned(),
            json!({ "application": application }),
        );
        let client = match tokio::time::timeout(READY, connect(&address, capabilities)).await {
            Ok(client) => client?,
            Err(_) => return Err(driver.late("window", READY)),
        };
        Ok(Self { client, driver })
    }

    /// The element with a `data-testid`, once it is there.
    ///
    /// # Errors
    ///
    /// If it does not appear in time.
    pub async fn element(&self, testid: &str) -> Result<Element> {
        let selector = format!("[data-testid=\"{testid}\"]");
        Ok(self
            .client
            .wait()
            .at_most(READY)
            .for_element(Locator::Css(&selector))
            .await?)
    }

    /// Clicks on the element with a `data-testid`, once it is there.
    ///
    /// # Errors
    ///
    /// If it does not appear in time, or cannot be clicked on.
    pub async fn click(&self, testid: &str) -> Result<()> {
        loop {
            match self.element(testid).await?.click().await {
                // The page was drawn anew between the look and the click.
                Err(error) if error.is_stale_element_reference() => {}
                clicked => return Ok(clicked?),
            }
        }
    }

    /// The text of the element with a `data-testid`, once it is there.
    ///
    /// # Errors
    ///
    /// If it does not appear in time.
    pub async fn text(&self, testid: &str) -> Result<String> {
        loop {
            match self.element(testid).await?.text().await {
                // The page was drawn anew between the look and the question.
                Err(error) if error.is_stale_element_reference() => {}
                text => return Ok(text?),
            }
        }
    }

    /// Writes a picture of the web view, as PNG.
    ///
    /// # Errors
    ///
    /// If it cannot be taken or written.
    pub async fn screenshot(&self, path: &Path) -> Result<()> {
        let picture = self.client.screenshot().await?;
        fs::write(path, picture).map_err(Error::io(format!("write {}", path.display())))
    }

    /// The page, for everything else.
    pub fn driver(&self) -> &Client {
        &self.client
    }

    /// All that the application and its drivers have printed so far.
    pub fn output(&self) -> String {
        self.driver.stdout() + &self.driver.stderr()
    }

    /// Ends the session: the driver closes the application.
    ///
    /// # Errors
    ///
    /// If the driver is gone.
    pub async fn close(self) -> Result<()> {
        Ok(self.client.close().await?)
    }
}

async fn start_driver(environment: &[(String, String)]) -> Result<(Running, String)> {
    let program = program::tauri_driver()?;
    let mut last = None;
    for _ in 0..ATTEMPTS {
        let (port, native_port) = free_ports()?;
        let mut command = Command::new(&program);
        command.args([
            "--port",
            &port.to_string(),
            "--native-port",
            &native_port.to_string(),
        ]);
        command.envs(environment.iter().cloned());
        let driver = Running::start("tauri-driver", command)?;
        let ready = async {
            answers(&driver, native_port).await?;
            answers(&driver, port).await
        };
        match tokio::time::timeout(READY, ready).await {
            Ok(Ok(())) => return Ok((driver, format!("http://127.0.0.1:{port}"))),
            Ok(Err(error)) => last = Some(error),
            Err(_) => last = Some(driver.late("its ports", READY)),
        }
    }
    Err(last.unwrap_or_else(|| Error::unexpected("tauri-driver", "was not tried")))
}

/// Two ports that are free now. The drivers take numbers only, so another process can be faster.
fn free_ports() -> Result<(u16, u16)> {
    let free = || TcpListener::bind("127.0.0.1:0").map_err(Error::io("find a free port"));
    let (one, other) = (free()?, free()?);
    let port = |listener: &TcpListener| listener.local_addr().map(|address| address.port());
    Ok((
        port(&one).map_err(Error::io("read a port"))?,
        port(&other).map_err(Error::io("read a port"))?,
    ))
}

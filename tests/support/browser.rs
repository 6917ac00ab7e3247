//! Chromium, driven through ChromeDriver.
//!
//! A program opens its URL through `$BROWSER`; the test gets the URL and opens it where it can
//! click:
//!
//! ```no_run
//! # async fn example() -> doorkey_tests::Result<()> {
//! use doorkey_tests::browser::Browser;
//! use fantoccini::Locator;
//!
//! let mut browser = Browser::start().await?;
//! // ... start `doorkey login` with BROWSER=browser.open_command() ...
//! browser.follow().await?;
//! browser.driver().find(Locator::Css("button")).await?.click().await?;
//! # Ok(()) }
//! ```

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
};

use fantoccini::{Client, ClientBuilder, wd::Capabilities};
use hyper_util::client::legacy::connect::HttpConnector;
use rustix::fs::{CWD, FileType, Mode, mknodat};
use serde_json::json;
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    net::unix::pipe,
    time::timeout,
};

use crate::{
    Error, Result,
    process::{READY, Running},
};

/// A headless Chromium with an empty profile.
#[derive(Debug)]
pub struct Browser {
    // In the order in which they are dropped: the profile last, when nobody writes to it any more.
    client: Client,
    _driver: Running,
    opened: BufReader<pipe::Receiver>,
    command: PathBuf,
    _folder: TempDir,
}

impl Browser {
    /// Starts it.
    ///
    /// # Errors
    ///
    /// If Chromium or ChromeDriver is missing or does not start.
    pub async fn start() -> Result<Self> {
        let folder = tempfile::Builder::new()
            .prefix("doorkey-browser-")
            .tempdir();
        let folder = folder.map_err(Error::io("make a folder for the browser"))?;
        let (command, opened) = open_command(folder.path())?;
        let (driver, address) = start_driver(folder.path()).await?;
        let client = connect(&address, capabilities(folder.path())).await?;
        Ok(Self {
            client,
            _driver: driver,
            opened,
            command,
            _folder: folder,
        })
    }

    /// The program to name in `$BROWSER`. It hands its URL to this value and returns at once.
    pub fn open_command(&self) -> &Path {
        &self.command
    }

    /// Waits for the next URL that a program has opened, byte for byte as it came.
    ///
    /// # Errors
    ///
    /// If none comes in time.
    pub async fn opened_url(&mut self) -> Result<String> {
        let mut line = String::new();
        match timeout(READY, self.opened.read_line(&mut line)).await {
            Ok(read) => read.map_err(Error::io("read the opened URL"))?,
            Err(_) => {
                return Err(Error::unexpected(
                    "browser",
                    format!("nobody opened a URL within {READY:?}"),
                ));
            }
        };
        Ok(line.trim_end_matches('\n').to_owned())
    }

    /// Waits for the next URL that a program has opened, and opens it in Chromium.
    ///
    /// # Errors
    ///
    /// If none comes in time, or Chromium cannot show it.
    pub async fn follow(&mut self) -> Result<String> {
        let url = self.opened_url().await?;
        self.client.goto(&url).await?;
        Ok(url)
    }

    /// The page, to look at and to click on.
    pub fn driver(&self) -> &Client {
        &self.client
    }
}

/// Writes the script for `$BROWSER` and opens the pipe that it writes into.
fn open_command(folder: &Path) -> Result<(PathBuf, BufReader<pipe::Receiver>)> {
    let fifo = folder.join("opened");
    mknodat(CWD, &fifo, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0)
        .map_err(|error| Error::io("make a named pipe")(error.into()))?;
    // Open for writing too: the pipe stays open between two scripts, and no script has to wait.
    let opened = pipe::OpenOptions::new()
        .read_write(true)
        .open_receiver(&fifo);
    let opened = opened.map_err(Error::io("open a named pipe"))?;
    let command = folder.join("open");
    fs::write(
        &command,
        "#!/bin/sh\nprintf '%s\\n' \"$1\" >\"${0%/*}/opened\"\n",
    )
    .and_then(|()| fs::set_permissions(&command, fs::Permissions::from_mode(0o700)))
    .map_err(Error::io("write the browser script"))?;
    Ok((command, BufReader::new(opened)))
}

async fn start_driver(folder: &Path) -> Result<(Running, String)> {
    let mut command = Command::new("chromedriver");
    command.arg("--port=0").env("HOME", folder);
    let mut driver = Running::start("chromedriver", command)?;
    let port = driver
        .line("its port", READY, |line| {
            line.split("successfully on port ")
                .nth(1)?
                .trim_end_matches('.')
                .parse::<u16>()
                .ok()
        })
        .await?;
    Ok((driver, format!("http://127.0.0.1:{port}")))
}

/// Chromium's settings: nothing of the person's, nothing in the background, no name but loopback. Names below `.example`
/// lead to this computer too, so that a page can be a stranger's.
fn capabilities(folder: &Path) -> Capabilities {
    let mut arguments = vec![format!(
        "--user-data-dir={}",
        folder.join("profile").display()
    )];
    let fixed = [
        "--headless",
        // Chromium's sandbox refuses root, and containers often lack what it needs.
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-quic",
        "--no-first-run",
        "--no-proxy-server",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--host-resolver-rules=MAP *.example 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE [::1], EXCLUDE localhost",
        "--window-size=1000,800",
    ];
    arguments.extend(fixed.map(str::to_owned));
    let mut capabilities = Capabilities::new();
    capabilities.insert("browserName".to_owned(), json!("chrome"));
    capabilities.insert(
        "goog:chromeOptions".to_owned(),
        json!({ "args": arguments }),
    );
    capabilities
}

/// Opens a WebDriver session. Drivers speak plain HTTP on the loopback interface.
pub(crate) async fn connect(address: &str, capabilities: Capabilities) -> Result<Client> {
    let mut connector = HttpConnector::new();
    connector.set_nodelay(true);
    Ok(ClientBuilder::new(connector)
        .capabilities(capabilities)
        .connect(address)
        .await?)
}

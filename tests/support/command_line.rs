//! The command line in a private session, with the scripted browser.
//!
//! ```no_run
//! # async fn example() -> doorkey_tests::Result<()> {
//! use doorkey_tests::{command_line::CommandLine, keychain::Keyring};
//!
//! let doorkey = CommandLine::start(Keyring::Unlocked).await?;
//! let _demo = doorkey.demo().await?;
//! assert_eq!(doorkey.run(&["login"]).await?.code, Some(0));
//! # Ok(()) }
//! ```

use std::{
    net::{Ipv4Addr, TcpListener},
    process::Command,
    time::Duration,
};

use serde::Deserialize;
use serde_json::Value;

use crate::{
    Error, Result,
    keychain::{Keyring, PrivateSession},
    process::{READY, Running},
    program,
};

/// `doorkey` with a home, a keychain and a browser of its own.
#[derive(Debug)]
pub struct CommandLine {
    session: PrivateSession,
    environment: Vec<(String, String)>,
}

/// What a command did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ran {
    /// The exit code; none if a signal ended it.
    pub code: Option<i32>,
    /// All of standard output.
    pub stdout: String,
    /// All of standard error.
    pub stderr: String,
}

/// `doorkey demo`, listening. Dropping it kills it.
#[derive(Debug)]
pub struct Demo {
    /// The process.
    pub process: Running,
    /// Where it listens.
    pub place: Place,
}

/// What `doorkey demo --json` prints when it is ready.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// The issuer.
    pub issuer: String,
    /// The API's origin.
    pub api: String,
    /// The profile that leads there.
    pub profile: String,
}

impl CommandLine {
    /// Starts a private session for it. Its browser is `doorkey-agent`.
    ///
    /// # Errors
    ///
    /// If a part is missing or does not start.
    pub async fn start(keyring: Keyring) -> Result<Self> {
        let session = PrivateSession::start(keyring).await?;
        let mut environment = session.environment();
        let agent = program::agent()?.display().to_string();
        environment.push(("BROWSER".to_owned(), agent));
        Ok(Self {
            session,
            environment,
        })
    }

    /// Sets a variable for every command from now on.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.environment.push((name.to_owned(), value.into()));
        self
    }

    /// Its session.
    pub fn session(&self) -> &PrivateSession {
        &self.session
    }

    /// Starts a command and does not wait for it.
    ///
    /// # Errors
    ///
    /// If `doorkey` has not been built.
    pub fn spawn(&self, arguments: &[&str]) -> Result<Running> {
        let mut command = Command::new(program::doorkey()?);
        command
            .args(arguments)
            .env_remove("RUST_LOG")
            .envs(self.environment.iter().cloned());
        Running::start(format!("doorkey {}", arguments.join(" ")), command)
    }

    /// Runs a command to its end, with nothing on its standard input.
    ///
    /// # Errors
    ///
    /// If it does not end in time.
    pub async fn run(&self, arguments: &[&str]) -> Result<Ran> {
        let mut running = self.spawn(arguments)?;
        drop(running.stdin());
        ran(&mut running).await
    }

    /// Runs a command and returns what it printed.
    ///
    /// # Errors
    ///
    /// If it fails.
    pub async fn output(&self, arguments: &[&str]) -> Result<String> {
        let ran = self.run(arguments).await?;
        match ran.code {
            Some(0) => Ok(ran.stdout),
            _ => Err(Error::unexpected(
                format!("doorkey {}", arguments.join(" ")),
                format!("{ran:?}"),
            )),
        }
    }

    /// Runs a command with `--json` and returns its exit code and its one object.
    ///
    /// # Errors
    ///
    /// If standard output is anything but one line with one object.
    pub async fn json(&self, arguments: &[&str]) -> Result<(Option<i32>, Value)> {
        let ran = self.run(&[arguments, &["--json"]].concat()).await?;
        Ok((ran.code, ran.json()?))
    }

    /// Starts `doorkey demo` on free ports.
    ///
    /// # Errors
    ///
    /// If it does not start.
    pub async fn demo(&self) -> Result<Demo> {
        self.demo_at(0).await
    }

    /// Starts `doorkey demo` at a port and the two after it.
    ///
    /// # Errors
    ///
    /// If it does not start.
    pub async fn demo_at(&self, port: u16) -> Result<Demo> {
        self.demo_with(&["--port", &port.to_string()]).await
    }

    /// Starts `doorkey demo --as PERSONALITY` on free ports.
    ///
    /// # Errors
    ///
    /// If it does not start.
    pub async fn demo_as(&self, personality: &str) -> Result<Demo> {
        self.demo_with(&["--as", personality, "--port", "0"]).await
    }

    async fn demo_with(&self, options: &[&str]) -> Result<Demo> {
        let mut process = self.spawn(&[&["demo", "--json"], options].concat())?;
        let place = process
            .line("place", READY, |line| serde_json::from_str(line).ok())
            .await?;
        Ok(Demo { process, place })
    }
}

impl Ran {
    /// The one object on standard output.
    ///
    /// # Errors
    ///
    /// If there is anything else.
    pub fn json(&self) -> Result<Value> {
        let one_line = self.stdout.ends_with('\n') && self.stdout.lines().count() == 1;
        serde_json::from_str(&self.stdout)
            .ok()
            .filter(|value: &Value| one_line && value.is_object())
            .ok_or_else(|| {
                Error::unexpected("doorkey", format!("expected one JSON object: {self:?}"))
            })
    }
}

impl Demo {
    /// Ends it as Ctrl-C does, and waits until it has ended.
    ///
    /// # Errors
    ///
    /// If it does not end in time.
    pub async fn stop(mut self) -> Result<Ran> {
        self.process.interrupt()?;
        ran(&mut self.process).await
    }
}

/// Waits for the end of a command. Longer than any deadline of its own.
///
/// # Errors
///
/// If it does not end in time.
pub async fn ran(running: &mut Running) -> Result<Ran> {
    let status = running.exit(READY + Duration::from_secs(30)).await?;
    Ok(Ran {
        code: status.code(),
        stdout: running.stdout(),
        stderr: running.stderr(),
    })
}

/// The first of three ports in a row that were free a moment ago, as a demo takes them.
///
/// # Errors
///
/// If there are none.
pub fn free_ports() -> Result<u16> {
    let free = |port: u16| TcpListener::bind((Ipv4Addr::LOCALHOST, port)).ok();
    for _ in 0..100 {
        let Some(first) = free(0).and_then(|listener| listener.local_addr().ok()) else {
            continue;
        };
        let port = first.port();
        if let (Some(second), Some(third)) = (port.checked_add(1), port.checked_add(2))
            && free(second).is_some()
            && free(third).is_some()
        {
            return Ok(port);
        }
    }
    Err(Error::unexpected(
        "test",
        "no three ports in a row are free",
    ))
}

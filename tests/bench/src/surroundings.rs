//! Where measured programs run: a private D-Bus session with an open keychain, and a scripted browser.

use std::ffi::OsStr;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use doorkey_core::{Profile, ProfileSource, Profiles};
use doorkey_idp::{Client, Config, DEMO_CLIENT_ID, Running};
use doorkey_tests::display::Display;
use doorkey_tests::keychain::{Keyring, PrivateSession};
use doorkey_tests::program;

use crate::error::{Error, Result, unexpected};

/// The profile that is signed in to.
pub(crate) const PROFILE: &str = "demo";

/// The client of the peers, whose redirect URIs differ: msal's has no path.
pub(crate) const PEERS_CLIENT_ID: &str = "peers";

/// Settings of the person who measures that would reach one program but not the other.
const UNWANTED: [&str; 9] = [
    "http_proxy",
    "https_proxy",
    "all_proxy",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "ALL_PROXY",
    "RUST_LOG",
    "DOORKEY_AGENT_LOG",
    "DOORKEY_AGENT_DENY",
];

/// A keychain, a config folder with a profile, and the provider that it leads to.
pub(crate) struct Surroundings {
    pub(crate) session: PrivateSession,
    pub(crate) provider: Running,
}

impl Surroundings {
    /// Without a display.
    pub(crate) async fn prepare() -> Result<Self> {
        Self::around(PrivateSession::start(Keyring::Unlocked).await?).await
    }

    /// With a display, for what opens windows.
    pub(crate) async fn on(display: &Display) -> Result<Self> {
        Self::around(PrivateSession::start_on(display, Keyring::Unlocked).await?).await
    }

    async fn around(session: PrivateSession) -> Result<Self> {
        let provider = provider().await?;
        provider
            .register(Client {
                id: PEERS_CLIENT_ID.to_owned(),
                name: "Peers".to_owned(),
                redirect_uris: vec![
                    "http://127.0.0.1/callback".to_owned(),
                    "http://localhost".to_owned(),
                ],
                post_logout_redirect_uris: Vec::new(),
            })
            .await?;
        Profiles::new(&session.config_dir()).save(&profile(&provider, provider.api())?)?;
        Ok(Self { session, provider })
    }

    /// A program in these surroundings.
    pub(crate) fn command(&self, program: impl AsRef<OsStr>) -> Result<Command> {
        let mut command = Command::new(program);
        for name in UNWANTED {
            command.env_remove(name);
        }
        command
            .envs(self.session.environment())
            .env("BROWSER", program::agent()?);
        Ok(command)
    }
}

/// The embedded provider in this process, on free ports, with tokens that stay fresh for the whole run.
pub(crate) async fn provider() -> Result<Running> {
    let config = Config {
        port: 0,
        access_token_lifetime: Duration::from_secs(6 * 3600),
        ..Config::default()
    };
    Ok(doorkey_idp::start(config).await?)
}

/// A profile for the provider whose tokens may go to this API.
pub(crate) fn profile(provider: &Running, api: &str) -> Result<Profile> {
    Ok(ProfileSource::new(provider.issuer(), DEMO_CLIENT_ID)
        .api(api)
        .build(&PROFILE.parse()?)?)
}

/// Runs a program to its end and returns how long that took, from before it started.
pub(crate) async fn time(mut command: Command) -> Result<Duration> {
    command.stdin(Stdio::null());
    tokio::task::spawn_blocking(move || {
        let started = Instant::now();
        let output = command.output()?;
        let elapsed = started.elapsed();
        if output.status.success() && !output.stdout.is_empty() {
            return Ok(elapsed);
        }
        Err(Error::Failed {
            program: command.get_program().to_string_lossy().into_owned(),
            status: output.status,
            said: String::from_utf8_lossy(&output.stderr).into_owned(),
        })
    })
    .await?
}

/// A program of this package: beside this one.
pub(crate) fn beside(name: &str) -> Result<std::path::PathBuf> {
    let path = std::env::current_exe()?.with_file_name(name);
    if path.is_file() {
        Ok(path)
    } else {
        Err(unexpected(format!(
            "{name} has not been built: run `cargo xtask bench`"
        )))
    }
}

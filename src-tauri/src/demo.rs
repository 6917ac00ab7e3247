//! The embedded provider in this process, for the profile `demo`.

use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use doorkey_core::{Doorkey, Profile, ProfileSource, Profiles};
use doorkey_idp::{Config, Running, StartError, start};
use tokio::sync::Mutex;

use crate::profiles::is_demo;
use crate::view::Problem;

/// How long whoever has the port may take to prove that it is a provider.
const PATIENCE: Duration = Duration::from_secs(2);

/// Where the provider goes when its port belongs to another program. Fixed, so that the next start finds it there.
const OTHER_PORTS: [u16; 5] = [4280, 4380, 4480, 4580, 4680];

/// The embedded provider, started when it is needed.
#[derive(Debug)]
pub struct Demo {
    config: PathBuf,
    running: Mutex<Option<Running>>,
}

/// What the provider is needed for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// A new sign-in: the provider may move to other ports for it.
    SignIn,
    /// A session, which belongs to the issuer that it came from.
    Session,
}

/// A profile whose provider answers, as far as that is in our hands.
#[derive(Debug)]
pub struct Ready {
    /// The profile, with other ports if the provider had to move.
    pub profile: Profile,
    /// Told when it had to.
    pub moved: Option<Problem>,
}

impl Demo {
    /// The provider keeps its people below this folder.
    pub fn new(config: &Path) -> Self {
        Self {
            config: config.to_owned(),
            running: Mutex::default(),
        }
    }

    /// Makes sure that a demo profile has a provider to talk to. Any other profile is returned as it is.
    ///
    /// # Errors
    /// Why the provider cannot be started.
    pub async fn ready(&self, profile: Profile, need: Need) -> Result<Ready, Problem> {
        let stays = |profile| {
            Ok(Ready {
                profile,
                moved: None,
            })
        };
        let Some((issuer, address, port)) = place(&profile) else {
            return stays(profile);
        };
        let mut running = self.running.lock().await;
        if running
            .as_ref()
            .is_some_and(|running| running.issuer() == issuer)
        {
            return stays(profile);
        }
        match self.start(address, port).await {
            Ok(started) => {
                *running = Some(started);
                stays(profile)
            }
            // Another Doorkey may run it: then it is there already.
            Err(StartError::PortInUse { .. })
                if need == Need::Session || answers(&profile).await =>
            {
                stays(profile)
            }
            Err(StartError::PortInUse { .. }) => {
                let (started, ready) = self.start_elsewhere(&profile, port).await?;
                *running = Some(started);
                Ok(ready)
            }
            Err(error) => Err(failed(&error)),
        }
    }

    /// Stops the provider, if it was started here.
    pub async fn shutdown(&self) {
        if let Some(running) = self.running.lock().await.take() {
            running.shutdown().await;
        }
    }

    async fn start(&self, address: IpAddr, port: u16) -> Result<Running, StartError> {
        let folder = self.config.join("demo");
        if let Err(error) = create_private_folder(&folder) {
            // Opening the database says what is wrong, with more to go by.
            tracing::warn!(%error, "the demo provider's folder cannot be made");
        }
        start(Config {
            address,
            port,
            database: Some(folder.join("provider.sqlite")),
            ..Config::default()
        })
        .await
    }

    async fn start_elsewhere(
        &self,
        profile: &Profile,
        taken: u16,
    ) -> Result<(Running, Ready), Problem> {
        for port in OTHER_PORTS {
            let started = match self.start(Config::default().address, port).await {
                Ok(started) => started,
                Err(StartError::PortInUse { .. }) => continue,
                Err(error) => return Err(failed(&error)),
            };
            let profile = ProfileSource::new(started.issuer(), profile.client_id())
                .scopes(profile.scopes())
                .api(started.api())
                .build(profile.name())?;
            Profiles::new(&self.config).save(&profile)?;
            let moved = Problem::new(
                "demo_moved",
                format!(
                    "Port {taken} belongs to another program, so the demo provider is at port {port} now."
                ),
                "There is nothing to do: the profile demo says so too. Remove its file to go back to the usual port.",
            );
            return Ok((
                started,
                Ready {
                    profile,
                    moved: Some(moved),
                },
            ));
        }
        Err(Problem::new(
            "port_unavailable",
            format!(
                "Port {taken} belongs to another program, and so do the others that the demo provider could use."
            ),
            "Close the program that uses the port, then try again.",
        ))
    }
}

/// Where the provider of a demo profile has to be; nothing if it is not ours to start.
fn place(profile: &Profile) -> Option<(String, IpAddr, u16)> {
    let issuer = profile.issuer().filter(|_| is_demo(profile))?;
    let address: IpAddr = issuer
        .url()
        .host_str()?
        .trim_matches(['[', ']'])
        .parse()
        .ok()?;
    let port = issuer.url().port()?;
    address
        .is_loopback()
        .then(|| (issuer.as_str().to_owned(), address, port))
}

/// Whether the provider is there: the engine itself is asked to begin a sign-in, which goes no further.
async fn answers(profile: &Profile) -> bool {
    let engine = Doorkey::in_memory().build();
    tokio::time::timeout(PATIENCE, engine.begin(profile))
        .await
        .is_ok_and(|begun| begun.is_ok())
}

fn create_private_folder(folder: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

fn failed(error: &StartError) -> Problem {
    Problem::new(
        "internal",
        format!("The demo provider does not start: {error}."),
        "Check permissions and free space of Doorkey's folder, then try again.",
    )
}

#[cfg(test)]
mod tests {
    use doorkey_core::DEMO;
    use tokio::net::TcpListener;

    use super::*;

    fn demo_at(port: u16) -> Profile {
        ProfileSource::new(
            &format!("http://127.0.0.1:{port}"),
            doorkey_idp::DEMO_CLIENT_ID,
        )
        .scopes(["openid", "offline_access"])
        .api(&format!("http://127.0.0.1:{}", port + 1))
        .build(&DEMO.parse().unwrap())
        .unwrap()
    }

    #[tokio::test]
    async fn other_profiles_are_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let demo = Demo::new(folder.path());
        let work =
            Profile::for_issuer(&"work".parse().unwrap(), "http://127.0.0.1:4180", "app").unwrap();
        let ready = demo.ready(work.clone(), Need::SignIn).await.unwrap();
        assert_eq!((ready.profile, ready.moved), (work, None));
        assert!(demo.running.lock().await.is_none());
    }

    #[tokio::test]
    async fn a_provider_that_answers_already_is_used() {
        let provider = start(Config {
            port: 0,
            ..Config::default()
        })
        .await
        .unwrap();
        let port = provider
            .issuer()
            .rsplit(':')
            .next()
            .unwrap()
            .parse()
            .unwrap();
        let folder = tempfile::tempdir().unwrap();
        let demo = Demo::new(folder.path());
        let ready = demo.ready(demo_at(port), Need::SignIn).await.unwrap();
        assert_eq!((ready.profile, ready.moved), (demo_at(port), None));
        assert!(demo.running.lock().await.is_none());
    }

    #[tokio::test]
    async fn a_port_that_belongs_to_another_program_moves_the_provider_and_the_profile() {
        let stranger = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = stranger.local_addr().unwrap().port();
        // It hangs up at once: no provider does.
        tokio::spawn(async move { while stranger.accept().await.is_ok() {} });
        let folder = tempfile::tempdir().unwrap();
        let demo = Demo::new(folder.path());
        let ready = demo.ready(demo_at(port), Need::SignIn).await.unwrap();
        let running = demo.running.lock().await;
        let issuer = running.as_ref().unwrap().issuer().to_owned();
        assert_eq!(ready.profile.issuer().unwrap().as_str(), issuer);
        assert_eq!(ready.profile.scopes(), ["openid", "offline_access"]);
        assert_eq!(ready.moved.unwrap().code, "demo_moved");
        let saved = Profiles::new(folder.path())
            .load(&DEMO.parse().unwrap())
            .unwrap();
        assert_eq!(saved.issuer().unwrap().as_str(), issuer);
    }
}

//! `doorkey demo`: the embedded provider and API, in the foreground.

use std::io;
use std::path::{Path, PathBuf};

use clap::Args;
use doorkey_core::{Code, DEMO, Profile, ProfileName, ProfileSource, Profiles};
use doorkey_idp::{Config, DEMO_CLIENT_ID, DEMO_SCOPES, Running, StartError, start};
use serde::Serialize;

use crate::context::Context;
use crate::exit::{Exit, Failure, Outcome};
use crate::interrupt::Interrupt;

/// Start a provider and an API on this computer, to try Doorkey with
///
/// For trying and testing only: everybody there has the password `demo`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  doorkey demo            then, in another terminal: doorkey login
  doorkey demo --port 0   on any free ports

Users and sessions are kept, so that a restart signs nobody out.")]
pub(crate) struct Demo {
    /// Port of the provider; the API takes the next one, the upstream provider the one after that. 0 takes free ones
    #[arg(long, value_name = "N", default_value_t = Config::DEFAULT_PORT)]
    port: u16,
}

#[derive(Serialize)]
struct Document<'a> {
    issuer: &'a str,
    api: &'a str,
    profile: &'a str,
}

const NOTICE: &str = "For trying and testing only. In production use Keycloak, Auth0, Okta, Microsoft Entra ID or \
                      another provider that somebody keeps safe.";

impl Demo {
    pub(super) async fn run(self, context: &Context) -> Outcome {
        let mut interrupt = Interrupt::listen()?;
        let config = Config {
            port: self.port,
            database: Some(database(context.folder())?),
            ..Config::default()
        };
        let running = start(config).await.map_err(failure)?;
        let profile = match keep_profile(&context.profiles(), &running) {
            Ok(profile) => profile,
            Err(failure) => {
                running.shutdown().await;
                return Err(failure);
            }
        };
        let document = Document {
            issuer: running.issuer(),
            api: running.api(),
            profile: profile.name().as_str(),
        };
        if context.output.is_json() {
            context.output.note(NOTICE);
        }
        context.output.answer(&document, || in_words(&running))?;
        interrupt.asked().await;
        running.shutdown().await;
        Ok(Exit::Done)
    }
}

fn in_words(running: &Running) -> String {
    format!(
        "\
{NOTICE}

  provider   {}
  upstream   {}
  API        {}
  profile    {DEMO}

Next, in another terminal:

  doorkey login        names: ada, grace, linus; everybody's password is demo
  doorkey api /api/me

Ctrl-C stops it. Nobody is signed out by that.",
        running.issuer(),
        running.upstream(),
        running.api(),
    )
}

/// Where users, grants and keys are kept; others on this computer cannot read it.
fn database(folder: &Path) -> Result<PathBuf, Failure> {
    let folder = folder.join("demo");
    create_private(&folder).map_err(|error| {
        Failure::new(
            Code::FileError,
            format!("Cannot make {}: {error}", folder.display()),
        )
    })?;
    Ok(folder.join("provider.sqlite"))
}

fn create_private(folder: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Sees to it that the profile `demo` leads here. What a person has changed in it otherwise stays.
fn keep_profile(profiles: &Profiles, running: &Running) -> Result<Profile, Failure> {
    let name: ProfileName = DEMO.parse()?;
    if let Ok(profile) = profiles.load(&name)
        && leads_to(&profile, running)
    {
        return Ok(profile);
    }
    if profiles.path(&name).exists() {
        profiles.remove(&name)?;
        let built_in = profiles.load(&name)?;
        if leads_to(&built_in, running) {
            return Ok(built_in);
        }
    }
    let profile = ProfileSource::new(running.issuer(), DEMO_CLIENT_ID)
        .scopes(DEMO_SCOPES.split_whitespace())
        .api(running.api())
        .build(&name)?;
    profiles.save(&profile)?;
    Ok(profile)
}

fn leads_to(profile: &Profile, running: &Running) -> bool {
    profile
        .issuer()
        .is_some_and(|issuer| issuer.as_str() == running.issuer())
        && profile.client_id() == DEMO_CLIENT_ID
        && profile
            .api()
            .iter()
            .any(|api| api.as_str().trim_end_matches('/') == running.api())
}

fn failure(error: StartError) -> Failure {
    let message = error.to_string();
    match error {
        StartError::PortInUse { port, role } => {
            Failure::new(Code::PortUnavailable, format!("Port {port} is in use, and the demo's {role} needs it"))
                .with_hint("It may be a `doorkey demo` that runs already. Choose other ports with --port; 0 takes free ones.")
        }
        StartError::PortTooHigh { .. } => Failure::usage(message, "Choose a port up to 65533."),
        StartError::Bind { .. } => Failure::new(Code::PortUnavailable, message).with_hint("Choose another port with --port."),
        StartError::Store(_) => Failure::new(Code::FileError, message),
        _ => Failure::new(Code::Internal, message),
    }
}

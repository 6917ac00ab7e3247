//! `doorkey demo`: the embedded provider and API, in the foreground.

mod database;
mod fields;
mod kept;

use clap::Args;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use doorkey_core::{Code, Profile};
use doorkey_idp::{Config, Personality, Running, StartError, start};
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
  doorkey demo                 then, in another terminal: doorkey login
  doorkey demo --as passport   then: doorkey login --profile demo-passport
  doorkey demo --port 0        on any free ports

Users and sessions are kept, so that a restart signs nobody out.")]
pub(crate) struct Demo {
    /// Behave as another provider does; leaves a profile demo-PERSONALITY, made from the preset of that name
    #[arg(long = "as", value_name = "PERSONALITY", value_parser = personality_parser())]
    personality: Option<&'static Personality>,

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
            database: Some(database::of(context.folder(), self.personality)?),
            personality: self.personality.unwrap_or(&Personality::STANDARD).clone(),
            ..Config::default()
        };
        let running = start(config).await.map_err(failure)?;
        let profile = match self.keep_profile(context, &running).await {
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
        context
            .output
            .answer(&document, || self.in_words(&running, &profile))?;
        interrupt.asked().await;
        running.shutdown().await;
        Ok(Exit::Done)
    }

    /// Sees to it that the demo's profile leads here.
    async fn keep_profile(&self, context: &Context, running: &Running) -> Result<Profile, Failure> {
        let Some(personality) = self.personality else {
            return kept::built_in(&context.profiles(), running);
        };
        let profile = kept::of_preset(&context.profiles(), personality, running)?;
        kept::secret(context, &profile, personality).await;
        Ok(profile)
    }

    fn in_words(&self, running: &Running, profile: &Profile) -> String {
        let played = self.personality.map(|personality| {
            let secret = personality.client.client_secret;
            let secret = secret
                .map(|secret| format!("  secret     {secret} (everybody can know it)\n"))
                .unwrap_or_default();
            format!("  plays      {}\n{secret}", personality.title)
        });
        let option = match self.personality {
            Some(_) => format!(" --profile {}", profile.name()),
            None => String::new(),
        };
        let sign_in = format!("doorkey login{option}");
        format!(
            "\
{NOTICE}

{}  provider   {}
  upstream   {}
  API        {}
  profile    {}

Next, in another terminal:

  {sign_in:<18}   names: ada, grace, linus; everybody's password is demo
  doorkey api{option} {}

Ctrl-C stops it. Nobody is signed out by that.",
            played.unwrap_or_default(),
            running.issuer(),
            running.upstream(),
            running.api(),
            profile.name(),
            self.first_resource(),
        )
    }

    /// A path below the API's address to try first.
    fn first_resource(&self) -> &'static str {
        let api = &self.personality.unwrap_or(&Personality::STANDARD).api;
        let path = api.resources.first().map_or("/", |(path, _)| path);
        path.strip_prefix(api.base).unwrap_or(path)
    }
}

/// Takes the id of a personality; help lists them with whom they play.
fn personality_parser() -> impl TypedValueParser<Value = &'static Personality> {
    let personalities = Personality::all().map(|one| PossibleValue::new(one.id).help(one.title));
    PossibleValuesParser::new(personalities)
        .try_map(|id| Personality::named(&id).ok_or_else(|| format!("nobody is called {id}")))
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

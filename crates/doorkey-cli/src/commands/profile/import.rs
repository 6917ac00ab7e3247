//! `doorkey profile import`.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use clap::Args;
use doorkey_core::{Code, Error, LeftOut, Profile, ProfileName};
use serde::Serialize;

use super::left_out;
use crate::context::Context;
use crate::exit::{self, Exit, Failure, Outcome};

/// More than any file has that can be imported, so that a wrong one does not fill the memory.
const LONGEST: u64 = 1024 * 1024;

/// Make a profile of what somebody else has written
///
/// A file is a proposal: a browser command, certificates and addresses in private networks are left out of the profile and
/// told, and a file with a secret in it is refused.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  doorkey profile import work.toml                  a profile that somebody has exported
  doorkey profile import ~/.flyte/config.yaml       the cluster that flytectl uses
  doorkey profile import https://login.example.com work --client-id desktop \\
      --api https://api.example.com")]
pub(super) struct Import {
    /// A profile file, a config file of Flyte's, or the address of an issuer or of its metadata
    #[arg(value_name = "SOURCE")]
    source: String,

    /// Its name [default: the file's, or one made of the provider's host]
    #[arg(value_name = "NAME")]
    name: Option<ProfileName>,

    /// The client id at that issuer; for an address only
    #[arg(long, value_name = "ID")]
    client_id: Option<String>,

    /// A scope to ask for; for an address only, may be repeated [default: openid profile email offline_access]
    #[arg(long = "scope", value_name = "SCOPE", requires = "client_id")]
    scopes: Vec<String>,

    /// An API that the token may go to, with an optional base path; for an address only, may be repeated
    #[arg(long, value_name = "URL", requires = "client_id")]
    api: Vec<String>,

    /// Replace the profile of this name, if there is one
    #[arg(long)]
    replace: bool,
}

#[derive(Serialize)]
struct Document<'a> {
    profile: &'a str,
    file: PathBuf,
    provider: String,
    /// Empty where the server tells it.
    client_id: &'a str,
    /// Where the token may go.
    api: Vec<&'a str>,
    /// What is registered at the provider, or has to be. None where the server tells it.
    redirect_uris: Vec<String>,
    #[serde(serialize_with = "left_out::serialize")]
    left_out: &'a [LeftOut],
    /// Whether the profile that was replaced had a session of another provider or client.
    signed_out: bool,
}

impl Import {
    pub(super) async fn run(self, context: &Context) -> Outcome {
        let (profile, left_out) = self.read(context).await?;
        let profile = match &self.name {
            Some(name) => profile.named(name),
            None => profile,
        };
        let signed_out = if self.replace {
            let doorkey = context.engine().doorkey;
            doorkey.change_profile(&profile).await?.is_some()
        } else {
            context.profiles().add(&profile).map_err(or_replace)?;
            false
        };
        let document = Document {
            profile: profile.name().as_str(),
            file: context.profiles().path(profile.name()),
            provider: profile.provider_host(),
            client_id: profile.client_id(),
            api: profile.api().iter().map(url::Url::as_str).collect(),
            redirect_uris: match profile.client_settings() {
                Some(_) => Vec::new(),
                None => profile.redirect_uri().to_register(),
            },
            left_out: &left_out,
            signed_out,
        };
        context
            .output
            .answer(&document, || document.text(&profile))?;
        Ok(Exit::Done)
    }

    async fn read(&self, context: &Context) -> Result<(Profile, Vec<LeftOut>), Failure> {
        if self.source.contains("://") {
            let Some(client_id) = &self.client_id else {
                return Err(Failure::usage(
                    "An address does not say which client Doorkey is",
                    "Add the client id that the provider gave: --client-id ID",
                ));
            };
            let doorkey = context.engine().doorkey;
            let mut source = doorkey.source_at(&self.source, client_id).await?;
            if !self.scopes.is_empty() {
                source = source.scopes(&self.scopes);
            }
            for api in &self.api {
                source = source.api(api);
            }
            let name = source.suggested_name()?;
            return Ok((source.build(&name)?, Vec::new()));
        }
        if self.client_id.is_some() {
            return Err(Failure::usage(
                "A file says itself which client Doorkey is",
                "Leave --client-id out, or name the address of an issuer.",
            ));
        }
        let path = Path::new(&self.source);
        let content = content(path).map_err(|error| {
            Failure::usage(
                format!("Cannot read {}: {error}", path.display()),
                "Name a file, or the https: address of an issuer.",
            )
        })?;
        let imported = Profile::import(&content, path)?;
        Ok((imported.profile, imported.left_out))
    }
}

impl Document<'_> {
    fn text(&self, profile: &Profile) -> String {
        let mut lines = vec![
            format!(
                "Imported profile {} to {}.",
                self.profile,
                self.file.display()
            ),
            format!("It signs in at {}.", self.provider),
        ];
        lines.push(match self.api.as_slice() {
            [] => "Its token goes to no API.".to_owned(),
            api => format!("Its token may go to: {}", api.join(" ")),
        });
        lines.extend(left_out::lines(self.left_out));
        if profile.client_settings().is_some() {
            lines.push("The server tells at each sign-in which client it is.".to_owned());
        } else {
            lines.push(format!(
                "Client id: {}. Redirect URIs that must be registered for it:",
                self.client_id
            ));
            lines.extend(self.redirect_uris.iter().map(|uri| format!("  {uri}")));
        }
        if profile.sends_client_secret() {
            lines.push(format!(
                "It sends a client secret, which no file brings: doorkey profile secret {}",
                self.profile
            ));
        }
        lines.push(exit::sign_in(profile.name()));
        lines.join("\n")
    }
}

/// Names the option that replaces what is there.
fn or_replace(error: Error) -> Failure {
    let exists = error.code() == Code::ProfileExists;
    let failure = Failure::from(error);
    if exists {
        failure.with_hint("Give it another name, or replace the one that is there with --replace.")
    } else {
        failure
    }
}

fn content(path: &Path) -> io::Result<Vec<u8>> {
    let mut content = Vec::new();
    File::open(path)?.take(LONGEST).read_to_end(&mut content)?;
    Ok(content)
}

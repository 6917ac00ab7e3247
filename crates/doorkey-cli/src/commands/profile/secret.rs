//! `doorkey profile secret`.

use clap::Args;
use doorkey_core::{Code, ProfileName};
use serde::Serialize;

use super::secret_source::SecretSource;
use crate::context::Context;
use crate::exit::{Exit, Failure, Outcome};

/// Keep the client secret of a profile in the keychain, or forget it
///
/// It is asked for at the terminal, or read from standard input. In a desktop program a client secret is no secret, since
/// everybody who has the program has it; some providers demand it all the same.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  doorkey profile secret work
  doorkey profile secret work < client-secret.txt
  doorkey profile secret work --forget")]
pub(super) struct Secret {
    /// The profile's name
    #[arg(value_name = "NAME")]
    name: ProfileName,

    /// Forget the one that is kept
    #[arg(long)]
    forget: bool,
}

#[derive(Serialize)]
struct Document<'a> {
    profile: &'a str,
    client_secret_kept: bool,
}

impl Secret {
    pub(super) async fn run(&self, context: &Context) -> Outcome {
        let profile = context.profile(&self.name)?;
        let doorkey = context.engine().doorkey;
        if self.forget {
            doorkey.forget_client_secret(&profile).await?;
        } else {
            if !profile.sends_client_secret() {
                return Err(Failure::new(
                    Code::ProfileInvalid,
                    format!("Profile `{}` sends no client secret", self.name),
                )
                .with_hint("If the provider insists on one, set `token_endpoint_auth_method` in the profile to client_secret_post or client_secret_basic."));
            }
            let secret = SecretSource::Stdin.read(&self.name).await?;
            doorkey.set_client_secret(&profile, secret).await?;
        }
        let document = Document {
            profile: self.name.as_str(),
            client_secret_kept: !self.forget,
        };
        context.output.answer(&document, || {
            if self.forget {
                format!("The client secret of {} is forgotten.", self.name)
            } else {
                format!(
                    "The client secret of {} is kept in the keychain.",
                    self.name
                )
            }
        })?;
        Ok(Exit::Done)
    }
}

//! `doorkey profile remove`.

use clap::Args;
use doorkey_core::{Code, ProfileName};
use serde::Serialize;

use crate::context::Context;
use crate::exit::{Exit, Outcome};

/// Sign out of a profile and remove it
///
/// The built-in profile `demo` returns to what it was.
#[derive(Debug, Args)]
pub(super) struct Remove {
    /// Its name
    #[arg(value_name = "NAME")]
    name: ProfileName,
}

#[derive(Serialize)]
struct Document<'a> {
    profile: &'a str,
    signed_out: bool,
}

impl Remove {
    pub(super) async fn run(&self, context: &Context) -> Outcome {
        let profiles = context.profiles();
        let signed_out = profiles.path(&self.name).exists() && self.sign_out(context).await?;
        profiles.remove(&self.name)?;
        let document = Document {
            profile: self.name.as_str(),
            signed_out,
        };
        context.output.answer(&document, || {
            format!(
                "Removed profile {}{}.",
                self.name,
                if signed_out {
                    " and signed out of it"
                } else {
                    ""
                }
            )
        })?;
        Ok(Exit::Done)
    }

    /// Nobody could sign out once the profile is gone. One that cannot be used has no session that could be.
    async fn sign_out(&self, context: &Context) -> doorkey_core::Result<bool> {
        let Ok(profile) = context.profile(&self.name) else {
            return Ok(false);
        };
        match context.engine().doorkey.restore(&profile).await {
            Ok(Some(session)) => {
                session.sign_out(None).await;
                Ok(true)
            }
            Ok(None) => Ok(false),
            // Where there is no keychain there is no session either.
            Err(error) if error.code() == Code::KeychainUnavailable => Ok(false),
            Err(error) => Err(error),
        }
    }
}

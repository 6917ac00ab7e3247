//! `doorkey profile remove`.

use clap::Args;
use doorkey_core::ProfileName;
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
        let doorkey = context.engine().doorkey;
        let signed_out = doorkey.remove_profile(&self.name).await?.is_some();
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
}

//! `doorkey reset`: leaves this account as it was before Doorkey came.

mod links;
mod places;

use std::path::Path;

use clap::Args;
use doorkey_core::{Code, ProfileName, SignOutReport};
use serde::Serialize;

use crate::context::Context;
use crate::exit::{Exit, Failure, Outcome};

/// Sign out everywhere and remove all that Doorkey keeps on this account
///
/// Every session is ended and revoked, and every keychain item erased. Profiles, settings, history, caches, the demo
/// provider's data, the entry for starting at login and the one for links are removed. For before an uninstall, or to
/// begin anew. Quit the app first. Without --yes nothing is done.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  doorkey profile export work > work.toml    # to keep a profile
  doorkey reset --yes")]
pub(crate) struct Reset {
    /// Do it
    #[arg(long)]
    yes: bool,
}

#[derive(Serialize)]
struct Document<'a> {
    signed_out: Vec<SignedOut<'a>>,
    removed: Vec<String>,
    /// What lies in Doorkey's folder and is not Doorkey's.
    left: Vec<String>,
}

#[derive(Serialize)]
struct SignedOut<'a> {
    profile: &'a str,
    revoked: bool,
}

impl Reset {
    pub(super) async fn run(&self, context: &Context) -> Outcome {
        let folder = context.folder();
        let names = context.profiles().names()?;
        if !self.yes {
            return Err(Failure::usage(
                format!(
                    "Nothing was done. This would sign out of {}, erase their keychain items, and remove all that Doorkey keeps in {} and beside it",
                    listed(&names),
                    folder.display()
                ),
                "Keep what you want to keep with `doorkey profile export`, quit the app, then add --yes.",
            ));
        }
        let ended = context.engine().doorkey.reset().await?;
        let removed = places::remove(folder).map_err(|(path, error)| {
            Failure::new(
                Code::FileError,
                format!("Cannot remove {}: {error}", path.display()),
            )
            .with_hint("Everybody is signed out. Remove the rest by hand, or try again.")
        })?;
        let document = Document {
            signed_out: ended.iter().map(SignedOut::of).collect(),
            removed: removed.iter().map(|path| shown(path)).collect(),
            left: places::left(folder)
                .iter()
                .map(|path| shown(path))
                .collect(),
        };
        context.output.answer(&document, || document.text())?;
        Ok(Exit::Done)
    }
}

impl Document<'_> {
    fn text(&self) -> String {
        let mut lines = Vec::new();
        for SignedOut { profile, revoked } in &self.signed_out {
            let told = if *revoked {
                ", and the provider was told"
            } else {
                ". The provider was not told: what it has issued ends by itself"
            };
            lines.push(format!("Signed out of profile {profile}{told}."));
        }
        lines.extend(self.removed.iter().map(|path| format!("Removed {path}")));
        lines.extend(
            self.left
                .iter()
                .map(|path| format!("Left {path}, which is not Doorkey's")),
        );
        lines.push("Doorkey keeps nothing more here.".to_owned());
        lines.join("\n")
    }
}

impl<'a> SignedOut<'a> {
    fn of((profile, report): &'a (ProfileName, SignOutReport)) -> Self {
        Self {
            profile: profile.as_str(),
            revoked: report.revoked.is_done(),
        }
    }
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

fn listed(names: &[ProfileName]) -> String {
    let names: Vec<_> = names.iter().map(ProfileName::as_str).collect();
    names.join(", ")
}

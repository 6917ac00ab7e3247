//! `doorkey profile`: what providers there are to sign in with.

mod add;
mod export;
mod import;
mod left_out;
mod list;
mod remove;
mod secret;
mod secret_source;
mod show;

use clap::{Args, Subcommand};

use crate::context::Context;
use crate::exit::Outcome;

/// List, show, add and remove profiles, and keep their client secrets
#[derive(Debug, Args)]
pub(crate) struct Profile {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    List(list::List),
    Show(show::Show),
    Add(add::Add),
    Import(import::Import),
    Export(export::Export),
    Secret(secret::Secret),
    Remove(remove::Remove),
}

impl Profile {
    pub(super) async fn run(self, context: &Context) -> Outcome {
        match self.command {
            Command::List(list) => list.run(context),
            Command::Show(show) => show.run(context).await,
            Command::Add(add) => add.run(context).await,
            Command::Import(import) => import.run(context).await,
            Command::Export(export) => export.run(context),
            Command::Secret(secret) => secret.run(context).await,
            Command::Remove(remove) => remove.run(context).await,
        }
    }
}

//! The commands, one file each.

mod api;
mod completions;
mod demo;
mod doctor;
mod login;
mod logout;
mod man;
mod profile;
mod reset;
#[cfg(windows)]
mod search_path;
mod status;
mod token;

use std::sync::Arc;
use std::time::Duration;

use clap::Subcommand;
use doorkey_core::Code;
use tokio::runtime::{Builder, Runtime};

use crate::arguments::Arguments;
use crate::context::Context;
use crate::exit::{Failure, Outcome};
use crate::output::Output;

/// What `doorkey` does.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Login(login::Login),
    Status(status::Status),
    Token(token::Token),
    Api(api::Api),
    Logout(logout::Logout),
    Profile(profile::Profile),
    Demo(demo::Demo),
    Doctor(doctor::Doctor),
    Reset(reset::Reset),
    Completions(completions::Completions),
    Man(man::Man),
    // For the installer alone.
    #[cfg(windows)]
    #[command(hide = true)]
    SearchPath(search_path::SearchPath),
}

/// Does what was typed.
pub(crate) fn run(output: &Arc<Output>, arguments: Arguments) -> Outcome {
    let context = Context::new(Arc::clone(output), arguments.verbose)?;
    let runtime = runtime(&arguments.command)?;
    let outcome = runtime.block_on(async {
        match arguments.command {
            Command::Login(login) => login.run(&context).await,
            Command::Status(status) => status.run(&context).await,
            Command::Token(token) => token.run(&context).await,
            Command::Api(api) => api.run(&context).await,
            Command::Logout(logout) => logout.run(&context).await,
            Command::Profile(profile) => profile.run(&context).await,
            Command::Demo(demo) => demo.run(&context).await,
            Command::Doctor(doctor) => doctor.run(&context).await,
            Command::Reset(reset) => reset.run(&context).await,
            Command::Completions(completions) => completions.run(output),
            Command::Man(man) => man.run(output),
            #[cfg(windows)]
            Command::SearchPath(search_path) => search_path.run(),
        }
    });
    // A name that is still being resolved holds nobody up.
    runtime.shutdown_timeout(Duration::ZERO);
    outcome
}

/// One thread is enough for a client, and ready sooner; the demo's servers use all there are.
fn runtime(command: &Command) -> Result<Runtime, Failure> {
    let mut builder = if matches!(command, Command::Demo(_)) {
        Builder::new_multi_thread()
    } else {
        Builder::new_current_thread()
    };
    builder
        .enable_all()
        .build()
        .map_err(|error| Failure::new(Code::Internal, format!("The runtime cannot start: {error}")))
}

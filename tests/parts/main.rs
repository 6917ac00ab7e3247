//! Each part of the support library at work, on its own.

mod agent;
mod browser;
mod display;
mod keychain;
mod peer;
mod process;
mod tray;
mod window;

use std::process::Command;

use doorkey_tests::{
    Result,
    process::{READY, Running},
};

/// Runs a command to its end and returns what it printed; fails if it fails.
async fn run(mut command: Command, environment: &[(String, String)]) -> Result<String> {
    command.envs(environment.iter().cloned());
    let mut running = Running::start("command", command)?;
    drop(running.stdin());
    let status = running.exit(READY).await?;
    if status.success() {
        return Ok(running.stdout());
    }
    Err(doorkey_tests::Error::unexpected(
        "command",
        format!("{status}: {}", running.stderr()),
    ))
}

/// A command from words.
fn command(program: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(arguments);
    command
}

//! Commands with other limits than the test's own.

use std::process::Command;

use doorkey_tests::{Result, command_line::CommandLine, process::Running, program};

/// Starts `doorkey` after a shell has prepared the way.
pub(crate) fn after(preparation: &str, doorkey: &CommandLine, arguments: &str) -> Result<Running> {
    let program = program::doorkey()?.display().to_string();
    let mut command = Command::new("sh");
    command
        .args(["-c", &format!("{preparation}; exec {program} {arguments}")])
        .envs(doorkey.session().environment());
    Running::start(format!("doorkey {arguments}"), command)
}
